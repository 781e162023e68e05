"""A worker process: starts its parts, ends with 0 when told to and with 1 when a part dies; crews and backoff."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from shared.messaging.connection import Backoff
from shared.messaging.crew import Crew
from shared.worker import run_worker
from tests.support import eventually


class Ops:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


class Idle(Crew):
    """Does nothing until it is stopped, then calls `last`."""

    def __init__(self, last: threading.Event | None = None) -> None:
        super().__init__("idle", self._loop)
        self.ended, self._last = False, last

    def _loop(self) -> None:
        self.stopping.wait()
        if self._last:
            self._last.wait()
        self.ended = True


class Signalling(Idle):
    """Sends this process a signal as soon as it runs."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def _loop(self) -> None:
        os.kill(os.getpid(), self._number)
        super()._loop()


class Dying(Crew):
    def __init__(self) -> None:
        super().__init__("dying", self._loop)

    def _loop(self) -> None:
        raise RuntimeError("a bug")


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_with_0(number: int) -> None:
    consumer, relay, ops = Idle(), Signalling(number), Ops()
    with pytest.raises(SystemExit) as ended:
        run_worker("documents", (relay, consumer), ops)
    assert ended.value.code == 0
    assert consumer.ended
    assert relay.ended
    assert ops.calls == ["start", "stop"]


def test_a_part_that_dies_ends_it_with_1_and_the_others_in_order() -> None:
    consumer, ops = Idle(), Ops()
    with pytest.raises(SystemExit) as ended:
        run_worker("documents", (Dying(), consumer), ops)
    assert ended.value.code == 1
    assert consumer.ended
    assert ops.calls == ["start", "stop"]


def test_what_outlasts_the_grace_is_left_behind() -> None:
    last = threading.Event()
    consumer = Idle(last)
    with pytest.raises(SystemExit) as ended:
        run_worker("extraction", (Signalling(signal.SIGTERM), consumer), Ops(), grace_seconds=0.1)
    assert ended.value.code == 0
    assert not consumer.ended
    last.set()
    assert consumer.join(5)


def test_a_crew_is_alive_only_while_all_its_threads_are() -> None:
    release = threading.Event()
    crew = Crew("two", lambda: None, release.wait)
    assert not crew.alive
    crew.start()
    assert eventually(lambda: not crew.alive)
    assert not crew.join(0.01)
    release.set()
    assert crew.join(5)


def test_pauses_double_with_jitter_up_to_the_most_and_begin_anew_after_a_quiet_minute() -> None:
    now = 1000.0
    backoff = Backoff(first=0.1, most=5, clock=lambda: now)
    pauses = [backoff.next() for _ in range(20)]
    for step, pause in enumerate(pauses):
        full = min(0.1 * 2**step, 5)
        assert full / 2 <= pause <= full
    now += 61
    assert backoff.next() <= 0.1
