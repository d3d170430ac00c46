"""A real nginx over a folder, with the settings that `rapport repository lint --help` asks for, or with others."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from robot.cli.repository_lint import LINT

GOOD = "\n".join(line for line in LINT.splitlines() if line.startswith("  location"))


@contextmanager
def nginx_over(public: Path, scratch: Path, settings: str = GOOD) -> Iterator[str]:
    """The address of an nginx that serves `public` for as long as the context lasts; skips the test without one.

    `scratch` holds its own files and `access.log`, one line for each request: status and path.
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("not tested: nginx is not installed here")
    scratch.mkdir(exist_ok=True)
    for folder in (public.parent, scratch):
        folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = scratch / "nginx.conf"
    file.write_text(
        f"daemon off; master_process off; pid {scratch}/nginx.pid; error_log {scratch}/error.log;\n"
        f"events {{}}\nhttp {{ log_format short '$status $uri'; access_log {scratch}/access.log short;\n"
        f"  default_type application/json;\n"
        f"  client_body_temp_path {scratch}/body;\n"
        f"  server {{ listen 127.0.0.1:{port}; root {public};\n{settings}\n}} }}\n"
    )
    running = subprocess.Popen([program, "-p", str(scratch), "-c", str(file)], stderr=subprocess.PIPE)
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
        if running.stderr:
            running.stderr.close()
