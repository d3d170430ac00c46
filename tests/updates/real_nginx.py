"""A real nginx over a folder, as a publisher would run it."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def nginx_over(folder: Path, scratch: Path) -> Iterator[str]:
    """The address of an nginx that serves `folder`; skips the test, loudly, where there is no nginx.

    `scratch` holds its settings and `access.log`, one line for each request: status and path.
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("not tested: nginx is not installed here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Its worker may be another user than whoever runs the tests.
    scratch.chmod(0o755)
    settings = scratch / "nginx.conf"
    settings.write_text(
        f"daemon off; master_process off; pid {scratch}/nginx.pid; error_log {scratch}/error.log;\n"
        "events {}\n"
        f"http {{ log_format short '$status $uri'; access_log {scratch}/access.log short;\n"
        f"  client_body_temp_path {scratch}/body; default_type application/octet-stream;\n"
        f"  server {{ listen 127.0.0.1:{port}; root {folder};\n"
        "    location = /metadata/timestamp.json { add_header Cache-Control no-cache; } } }\n"
    )
    running = subprocess.Popen([program, "-p", str(scratch), "-c", str(settings)], stderr=subprocess.PIPE)
    try:
        while running.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        assert running.poll() is None, running.stderr.read() if running.stderr else ""
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()
