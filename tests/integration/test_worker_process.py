"""Worker processes on a real broker: killed, told to stop, and broken from within."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.messaging.deadletters import list_dead
from shared.messaging.reactions import MAX_LOSSES
from tests.support import eventually
from tests.support.rabbit import Rabbit

# A service's worker. Its reaction does as the message's id and the files beside it tell, and writes down what it did.
WORKER = """
import os, signal, sys, time
from pathlib import Path
from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.files import MembersStored
from shared.messaging.consumer import Consumer
from shared.messaging.crew import Crew
from shared.messaging.reactions import Reaction
from shared.worker import run_worker

url, folder, grace = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])

def note(text):
    with (folder / "notes").open("a") as notes:
        notes.write(text + "\\n")

def run(envelope):
    note(f"begin {envelope.id}")
    if envelope.id == "killer" or (folder / f"kill {envelope.id}").exists():
        (folder / f"kill {envelope.id}").unlink(missing_ok=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if envelope.id == "exit":
        sys.exit("a thread must not end like this")
    while (folder / f"hold {envelope.id}").exists():
        time.sleep(0.02)
    note(f"end {envelope.id}")

class Ops:
    start = lambda self: note("start")
    stop = lambda self: note("stop")

class Relay(Crew):
    def __init__(self):
        super().__init__("relay", self.stopping_only)
    def stopping_only(self):
        self.stopping.wait()

reaction = Reaction(run, lambda envelope, reason: note(f"given up {envelope.id}"))
reactions = dict.fromkeys((ProcessDocument, DocumentDeleted, MembersStored), reaction)
consumer = Consumer(url, "extraction", reactions, (0.1, 0.3))
run_worker("extraction", (Relay(), consumer), Ops(), grace)
"""


class Workers:
    """Starts workers that share a folder of notes."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self.folder = url, folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, grace: float = 20) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, self._url, str(self.folder), str(grace)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(worker)
        return worker

    def notes(self) -> list[str]:
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def close(self) -> None:
        for worker in self._running:
            worker.kill()
            worker.wait()


@pytest.fixture
def workers(rabbit: Rabbit, tmp_path: Path) -> Iterator[Workers]:
    rabbit.declare()
    with closing(Workers(rabbit.url, tmp_path)) as workers:
        yield workers


def test_the_message_of_a_killed_worker_goes_to_the_next_one(workers: Workers, rabbit: Rabbit) -> None:
    (workers.folder / "kill a").touch()
    rabbit.send("a", "b")
    worker = workers.start()
    assert worker.wait(20) == -signal.SIGKILL
    workers.start()
    eventually(lambda: "end b" in workers.notes())
    assert [note for note in workers.notes() if note != "start"] == ["begin a", "begin a", "end a", "begin b", "end b"]


def test_a_message_that_kills_every_worker_is_given_up_by_the_last(workers: Workers, rabbit: Rabbit) -> None:
    rabbit.send("killer", "b")
    worker = workers.start()
    for _ in range(MAX_LOSSES - 1):
        assert worker.wait(20) == -signal.SIGKILL
        worker = workers.start()
    assert worker.wait(20) == -signal.SIGKILL
    workers.start()
    eventually(lambda: "end b" in workers.notes(), seconds=20)
    assert workers.notes().count("begin killer") == MAX_LOSSES
    assert workers.notes().count("given up killer") == 1
    (letter,) = list_dead(rabbit.url, "extraction")
    assert (letter["id"], letter["attempts"]) == ("killer", MAX_LOSSES)
    assert "lost" in letter["reason"]


def test_a_stopped_worker_finishes_what_it_does_and_exits_0(workers: Workers, rabbit: Rabbit) -> None:
    (workers.folder / "hold a").touch()
    rabbit.send("a", "b")
    worker = workers.start()
    eventually(lambda: "begin a" in workers.notes())
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)
    (workers.folder / "hold a").unlink()
    assert worker.wait(20) == 0
    assert workers.notes() == ["start", "begin a", "end a", "stop"]
    workers.start()
    eventually(lambda: "end b" in workers.notes(), seconds=20)
    assert workers.notes().count("begin a") == 1


def test_what_outlasts_the_grace_is_done_by_the_next_worker(workers: Workers, rabbit: Rabbit) -> None:
    (workers.folder / "hold a").touch()
    rabbit.send("a")
    worker = workers.start(grace=0.2)
    eventually(lambda: "begin a" in workers.notes())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    (workers.folder / "hold a").unlink()
    workers.start()
    eventually(lambda: "end a" in workers.notes(), seconds=20)
    assert workers.notes().count("begin a") == 2


def test_a_worker_with_a_dead_thread_exits_with_1(workers: Workers, rabbit: Rabbit) -> None:
    rabbit.send("exit")
    worker = workers.start()
    assert worker.wait(20) == 1
    assert workers.notes() == ["start", "begin exit", "stop"]
