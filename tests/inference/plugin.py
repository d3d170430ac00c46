"""A stand-in for the Edge TPU's runtime library: a shared library with its entry points, compiled by the test.

It takes no operator, so the models run on the processor inside the process that holds it; and it hangs where the test
tells it to. It shows what the robot does, not that a Coral works: none is here.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = """
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
typedef struct Delegate {{  /* TfLiteDelegate, tensorflow/lite/core/c/common.h */
  void *data; int (*prepare)(void *, struct Delegate *); void *from, *to, *free; int64_t flags; void *builder;
}} Delegate;
static int prepare(void *context, Delegate *self) {{ return {status}; }}
void *tflite_plugin_create_delegate(char **keys, char **values, size_t n, void (*report)(const char *)) {{
  if (access("{switch}.absent", F_OK) == 0) {{ report("no device"); return NULL; }}
  if (access("{switch}.hangs", F_OK) == 0) for (;;) pause();
  Delegate *made = calloc(1, sizeof(Delegate)); made->prepare = prepare; return made;
}}
void tflite_plugin_destroy_delegate(void *made) {{ free(made); }}
"""


def compile_library(folder: Path, name: str, source: str) -> str:
    """The path of a shared library made from C; skipped where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("not tested: no C compiler")
    path = folder / f"{name}.so"
    (folder / f"{name}.c").write_text(source)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", path, folder / f"{name}.c"], check=True)
    return str(path)


class Plugin:
    """A library of that kind, and the switches of the device behind it."""

    def __init__(self, folder: Path, status: int = 0) -> None:
        self._switch = folder / f"device_{status}"
        self.library = compile_library(folder, f"plugin_{status}", SOURCE.format(status=status, switch=self._switch))

    def absent(self, yes: bool) -> None:
        """The device is not there, or is again."""
        self._set("absent", yes)

    def hangs(self, yes: bool) -> None:
        """Loading never comes to an end, or does again."""
        self._set("hangs", yes)

    def _set(self, name: str, yes: bool) -> None:
        path = self._switch.with_name(f"{self._switch.name}.{name}")
        if yes:
            path.touch()
        else:
            path.unlink(missing_ok=True)
