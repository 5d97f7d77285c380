"""Nothing acknowledged is ever lost: a writing process is killed at random, again and again."""

import contextlib
import multiprocessing
import random
import time
from pathlib import Path

from citytwin_desktop.document.document import create_document, open_document
from tests.conftest import CityFile
from tests.project.writer_process import write_edits

KILLS = 40


def killed_writer(path: Path, committed: int, delay_s: float) -> int:
    """Let a process write, kill it, and give the last edit that it acknowledged."""
    # A server that has loaded the program forks each writer, so that 40 of them start in seconds.
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(kind)
    context.set_forkserver_preload(["tests.project.writer_process"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=write_edits, args=(str(path), committed, sender))
    process.start()
    sender.close()
    acknowledged = receiver.recv()
    time.sleep(delay_s)
    process.kill()
    with contextlib.suppress(EOFError):
        while True:
            acknowledged = receiver.recv()
    process.join()
    process.close()
    receiver.close()
    return int(acknowledged)


def test_no_acknowledged_edit_is_lost_by_kills(tmp_path: Path, city_file: CityFile) -> None:
    path = tmp_path / "torture.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file(count=20))])
    document.close()
    chance, acknowledged, committed = random.Random(20261121), 0, 0
    for _ in range(KILLS):
        acknowledged = killed_writer(path, committed, chance.uniform(0.0, 0.06))
        document = open_document(path)
        names = set(document.city.buildings.columns["name"])
        assert len(names) == 1, "an edit was torn"
        committed = int(names.pop().removeprefix("edit "))
        assert committed in (acknowledged, acknowledged + 1)
        assert len(document.history()) == committed + 1
        document.close()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["boxes.city.json", "torture.citytwin.gpkg"]
    assert acknowledged > KILLS
