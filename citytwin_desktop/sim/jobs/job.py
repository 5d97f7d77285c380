"""A unit of work for an engine, and what the queue says of it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """One run of one engine; a pure function of its inputs.

    Parameters
    ----------
    key : str
        Hash of everything that the result depends on; unique in a queue.
    engine : str
        Registered engine name, or a dotted path ``package.module:function``.
    title : str
        What people read in the list of jobs.
    building_ids : tuple of str
        Buildings that the outputs speak of.
    inputs : object
        Picklable frozen dataclass that the engine takes.
    timeout_s : float or None [s]
        Wall time after which the job is stopped and fails.
    threads : int
        Threads that the numeric libraries may use. A job with more than one runs alone.
    """

    key: str
    engine: str
    title: str
    building_ids: tuple[str, ...]
    inputs: Any
    timeout_s: float | None = None
    threads: int = 1


@dataclass(frozen=True)
class JobStarted:
    """A worker has taken the job."""

    key: str


@dataclass(frozen=True)
class JobProgress:
    """How far a running job is: fraction 0-1 and a few words."""

    key: str
    fraction: float
    text: str


@dataclass(frozen=True)
class JobPart:
    """Something that a running job hands over before it is done: a name and bytes."""

    key: str
    name: str
    data: bytes


@dataclass(frozen=True)
class JobDone:
    """The engine returned.

    Parameters
    ----------
    key : str
    outputs : object
        What the engine returned.
    cpu_s : float [s]
        Processor time of the worker and of the child processes it waited for.
    wall_s : float [s]
    """

    key: str
    outputs: Any
    cpu_s: float
    wall_s: float


@dataclass(frozen=True)
class JobFailed:
    """The job has no result: one sentence for people, and the details for the log."""

    key: str
    message: str
    detail: str


@dataclass(frozen=True)
class JobCancelled:
    """The job was stopped, or dropped before it began, because somebody asked for that."""

    key: str


JobEvent = JobStarted | JobProgress | JobPart | JobDone | JobFailed | JobCancelled
