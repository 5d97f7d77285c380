"""Reach a Dask scheduler and make sure that its workers can run our jobs."""

import asyncio
import platform
import re
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.cluster_worker import readiness
from citytwin_desktop.sim.jobs.code_fingerprint import code_fingerprint

SCHEME = "dask://"
_CONNECT_S = 6.0
_SETTINGS = {
    "logging": {"distributed": "critical"},  # what goes wrong is told as one sentence, by us
    "distributed.comm.timeouts.connect": f"{_CONNECT_S:.0f}s",
    "distributed.admin.large-graph-warning-threshold": "4 GiB",  # a city is sent whole
}


def scheduler_address(text: str) -> str:
    """Address as Dask writes it, of one as our command line takes it: ``dask://HOST:PORT``.

    Raises
    ------
    KnownError
        When it has no host or no port.
    """
    found = re.fullmatch(r"dask://(\[[0-9a-f:.]+\]|[^\s:/@\[\]]+):(\d{1,5})/?", text, re.IGNORECASE)
    if found is None or not 0 < int(found[2]) < 65536:
        msg = f"“{text}” is not the address of a Dask scheduler: write it as dask://HOST:PORT, such as dask://10.0.0.5:8786."
        raise KnownError(msg)
    return f"tcp://{found[1]}:{found[2]}"


def connect(text: str) -> Any:
    """Connect to a cluster that is ready for our jobs.

    Parameters
    ----------
    text : str
        ``dask://HOST:PORT``.

    Returns
    -------
    distributed.Client
        To be closed by the caller.

    Raises
    ------
    KnownError
        When Dask is not installed, nobody answers within seconds, versions differ, or a worker lacks our package.
    """
    address = scheduler_address(text)
    try:
        import dask

        dask.config.set(_SETTINGS)  # before the other import, which reads them
        import distributed
    except ImportError as error:
        msg = "Dask is not installed: install citytwin-desktop[dask] to run jobs on a cluster."
        raise KnownError(msg) from error
    # Looked at first by ourselves: a client that finds no fit scheduler leaves its thread behind.
    _check_versions(_answers(address, text), text)
    make_client: Any = distributed.Client
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = make_client(address, timeout=_CONNECT_S, set_as_default=False)
    try:
        _check_workers(client.run(readiness, on_error="return"), text)
    except KnownError:
        client.close(timeout=2)
        raise
    except Exception as error:
        with suppress(Exception):
            client.close(timeout=2)
        msg = f"The Dask cluster at {text} did not answer as expected ({type(error).__name__}): check it and try again."
        raise KnownError(msg) from error
    return client


def _answers(address: str, text: str) -> dict[str, dict[str, str | None]]:
    """Versions by name of the scheduler and the workers."""
    # On a thread of its own, since the window has an event loop on this one.
    with ThreadPoolExecutor(1, thread_name_prefix="dask-versions") as thread:
        try:
            return thread.submit(asyncio.run, _versions(address)).result()
        except (OSError, TimeoutError) as error:
            msg = f"No Dask scheduler answered at {text} within {_CONNECT_S:.0f} s: check the address and start it."
            raise KnownError(msg) from error
        except Exception as error:
            msg = (
                f"The program at {text} is no Dask scheduler of our version, {_own_versions()['distributed']} "
                f"({type(error).__name__}): check the address and its version."
            )
            raise KnownError(msg) from error


async def _versions(address: str) -> dict[str, dict[str, str | None]]:
    from distributed.core import rpc

    remote: Any = rpc
    async with asyncio.timeout(_CONNECT_S), remote(address, timeout=_CONNECT_S) as scheduler:
        named = {"scheduler": await scheduler.versions()}
        workers = await scheduler.broadcast(msg={"op": "versions"}, on_error="ignore")
        named |= {f"worker {worker}": found for worker, found in workers.items()}
    return {name: _of_interest(found) for name, found in named.items()}


def _of_interest(versions: Mapping[str, Any]) -> dict[str, str | None]:
    host, packages = dict(versions["host"]), dict(versions["packages"])
    python = str(packages.get("python") or host.get("python"))
    return {"Python": ".".join(python.split(".")[:2]), "distributed": packages.get("distributed")}


def _own_versions() -> dict[str, str]:
    return {"Python": ".".join(platform.python_version_tuple()[:2]), "distributed": version("distributed")}


def _check_versions(told: Mapping[str, Mapping[str, str | None]], text: str) -> None:
    """Pickled work passes only between equal versions of distributed and of Python."""
    own = _own_versions()
    for name, versions in told.items():
        for what, wanted in own.items():
            if (found := versions.get(what)) != wanted:
                msg = (
                    f"The {name} of the Dask cluster at {text} has {what} {found} and this program has {wanted}: "
                    "use the same versions on both."
                )
                raise KnownError(msg)


def _check_workers(answers: Mapping[str, Any], text: str) -> None:
    if not answers:
        raise KnownError(f"The Dask cluster at {text} has no workers: start some with “dask worker HOST:PORT”.")
    for address, answer in sorted(answers.items()):
        if isinstance(answer, BaseException) and "ModuleNotFoundError" in repr(answer):
            # Named in text only: what the worker cannot read comes back as a bare exception.
            msg = f"The Dask worker {address} lacks CityTwin Desktop or a part of it: install this version there."
            raise KnownError(msg)
        if isinstance(answer, BaseException):
            msg = f"The Dask worker {address} did not answer as expected ({type(answer).__name__}): restart it."
            raise KnownError(msg)
        code, trouble = answer
        if code != code_fingerprint():
            msg = (
                f"The Dask worker {address} has another version of CityTwin Desktop, whose numbers may differ: "
                "install this version there and restart it."
            )
            raise KnownError(msg)
        if trouble:
            raise KnownError(f"The Dask worker {address} cannot run EnergyPlus: {trouble[0].lower()}{trouble[1:]}")
