"""A display that nobody sees, for tests and for machines without a screen."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from citytwin_desktop.errors import KnownError

_PATIENCE_S = 30.0


@contextmanager
def virtual_display() -> Iterator[dict[str, str]]:
    """Start Xvfb on a free display and stop it in the end.

    Yields
    ------
    dict of str to str
        What the environment of programs needs so as to use it; empty where there is no X.

    Raises
    ------
    KnownError
        When Xvfb is not there or does not start.
    """
    if not sys.platform.startswith("linux"):
        yield {}
        return
    server, number = _start()
    try:
        yield {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            # The user's own desktop must not be found instead.
            "WAYLAND_DISPLAY": "",
            "XDG_SESSION_TYPE": "x11",
        }
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _start() -> tuple[subprocess.Popen[bytes], int]:
    """Xvfb chooses a free number itself and writes it into a pipe when it is ready."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(
            command,
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C stops the tests first, and the display after them.
            start_new_session=True,
        )
    except OSError as error:
        os.close(reading)
        msg = f"The virtual display Xvfb cannot be started ({error.strerror}): install the package xvfb."
        raise KnownError(msg) from None
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        ready, _, _ = select.select([answer], [], [], _PATIENCE_S)
        text = answer.readline().strip() if ready else b""
    if not text.isdigit():
        server.kill()
        server.wait()
        raise KnownError("The virtual display Xvfb does not start: try “Xvfb :99” in a terminal and read what it says.")
    return server, int(text)
