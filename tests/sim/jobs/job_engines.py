"""Engines that the tests of the queue run in worker processes; imported there by dotted path."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.child_process import run_child


@dataclass(frozen=True)
class Number:
    value: float
    text: str = ""


def double(inputs, context):
    context.progress(0.5, "half way")
    time.sleep(0.15)
    context.progress(1.0, "done")
    return Number(2 * inputs.value)


def half_way(inputs, context):
    """Tells of its progress, and goes on when it has been heard."""
    context.progress(0.5, "half way")
    wait_for_answer(inputs.text)
    return Number(2 * inputs.value)


def wait_for_answer(path):
    """Until a test has made a file: a fixed time would be too short on a busy machine."""
    deadline = time.monotonic() + 30
    while not os.path.exists(path):
        if time.monotonic() > deadline:
            raise KnownError("The test did not answer.")
        time.sleep(0.02)


def refuse(inputs, context):
    raise KnownError("The roof of building B7 is missing: draw it.")


def stumble(inputs, context):
    raise ZeroDivisionError("secret detail")


def burn_in_child(inputs, context):
    code = f"import time\nwhile time.process_time() < {inputs.value}: pass"
    run_child([sys.executable, "-c", code], context, 30.0, context.folder / "printed.txt")
    return Number(0.0)


def sleep_in_child(inputs, context):
    """Waits for a child and looks for cancellation, as EnergyPlus jobs do; tells the child's pid."""
    code = f"import os, time\nopen({inputs.text!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    run_child([sys.executable, "-c", code], context, 60.0, context.folder / "printed.txt")
    return Number(0.0)


def deaf_with_child(inputs, context):
    """Never looks for cancellation."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    context.record_child(child.pid)
    with open(inputs.text, "w") as file:
        file.write(f"{child.pid}")
    time.sleep(60)
    return Number(0.0)


def die_with_child(inputs, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    context.record_child(child.pid)
    with open(inputs.text, "w") as file:
        file.write(f"{child.pid}")
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_supervised_child(inputs, context):
    """Dies while `run_child` waits: nobody has to sweep, the kernel ends the child."""
    import threading

    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    return sleep_in_child(inputs, context)


def threads(inputs, context):
    time.sleep(0.1)
    return Number(float(os.environ["OMP_NUM_THREADS"]), f"{os.getpid()}")


def touch(inputs, context):
    (context.folder / "something.bin").write_bytes(b"x" * 1000)
    time.sleep(inputs.value)
    return Number(1.0)


def unpicklable(inputs, context):
    return lambda: None


def give_parts(inputs, context):
    context.hand_over("a", b"\x00first" * 1000)
    context.hand_over("b", b"second")
    wait_for_answer(inputs.text)
    return Number(0.0)


@dataclass(frozen=True)
class WithFiles:
    keep_folder: str
    trace_file: str


def keep_and_fail(inputs, context):
    with open(os.path.join(inputs.keep_folder, "b.idf"), "w") as file:
        file.write("Version,25.2;")
    error = KnownError(f"The trace file is named “{inputs.trace_file}”.")
    error.add_note(f"kept at {inputs.keep_folder}")
    raise error
