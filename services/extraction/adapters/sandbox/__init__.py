"""Reading documents in a sandbox, seen from the worker: it hands over bytes and gets back what a locked-up child found.

The worker itself loads none of the libraries that touch a document.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from dataclasses import asdict
from pathlib import Path

from prometheus_client import Counter, Histogram

import services
from services.extraction.adapters.sandbox.protocol import (
    DRAWN_FRAMES,
    NO_WALLS,
    READ_FRAMES,
    Answer,
    End,
    Limits,
    Request,
    frames_of,
    receive,
    send,
)
from services.extraction.errors import CannotRead, Crashed, OutOfResources, ReaderDown, TimedOut, refusal_named
from services.extraction.ports import Member, Reading, Unpacked
from shared.contracts.envelope import Malformed, read_json, write_json
from shared.contracts.fields import WantedFields
from shared.logs import get_logger

SERVER = "services.extraction.adapters.sandbox.server"
START_SECONDS = 60
STOP_SECONDS = 5
WATCHDOG_SECONDS = 30
MESSAGE_CHARACTERS = 300
# Not ours, or the server would have said that time was up: the kernel ran out of memory, or the child of CPU time.
_EXHAUSTED = {-signal.SIGKILL, -signal.SIGXCPU}

READ = Counter("paperlane_documents_read", "Documents by how their reading ended.", ["code"])
SECONDS = Histogram(
    "paperlane_reading_seconds",
    "How long the child of a document lived.",
    buckets=(0.02, 0.05, 0.1, 0.5, 1, 2, 5, 15, 60, 120),
)
STARTS = Counter("paperlane_fork_server_starts", "Starts of the process that forks the readers.")

_log = get_logger(__name__)


class Sandbox:
    """The port `DocumentReader`. Reads one document at a time; its fork server is started when it is not running."""

    def __init__(self, tessdata: Path, limits: Limits) -> None:
        self._tessdata, self._limits = tessdata, limits
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    @property
    def ready(self) -> bool:
        """Is the fork server running?"""
        return self._server is not None and self._server.poll() is None

    def start(self) -> None:
        """Make sure that the fork server runs; ReaderDown with what is missing."""
        with self._lock:
            self._connected()

    def close(self) -> None:
        """End the fork server, and with it a child that is still reading; that reading raises ReaderDown."""
        if self._channel:
            with suppress(OSError):  # it is gone already
                self._channel.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._end()

    def read(
        self,
        document: bytes,
        media_type: str,
        languages: Sequence[str],
        nested: bool = False,
        fields: WantedFields | None = None,
    ) -> Reading | Unpacked:
        told = b"%b\n%b" % (write_json(fields) if fields else b"", document)
        with self._lock:
            channel = self._connected()
            try:
                with SECONDS.time(), self._watchdog():
                    end, answer = self._ask(channel, told, Request(media_type, list(languages), nested))
            except (OSError, EOFError) as fault:
                self._end()
                raise ReaderDown("The process that reads documents ended; it is started again.") from fault
        try:
            reading = self._judge(end, answer)
        except CannotRead as refusal:
            READ.labels(refusal.code).inc()
            raise
        READ.labels("done").inc()
        return reading

    @contextmanager
    def _watchdog(self) -> Iterator[None]:
        """The server ends a child that takes too long; this ends a server that does not."""
        assert self._server is not None, "it was started just now"
        timer = threading.Timer(self._limits.seconds + WATCHDOG_SECONDS, self._server.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _ask(self, channel: socket.socket, told: bytes, request: Request) -> tuple[End, bytes]:
        """How the child ended and what it wrote, at most one byte more than it may."""
        reader, writer = os.pipe()
        with open(reader, "rb") as pipe:
            # The server ends a child in time, and a child closes its end of the pipe with its life, so this ends too.
            with open(writer, "wb") as end_of_pipe, open(os.memfd_create("document"), "w+b") as memory:
                memory.write(told)
                memory.seek(0)
                send(channel, request, memory.fileno(), end_of_pipe.fileno())
            answer = pipe.read(self._limits.answer + 1)
        plain, _ = receive(channel)
        return End(**plain), answer

    def _judge(self, end: End, written: bytes) -> Reading | Unpacked:
        if end.status == NO_WALLS:
            raise ReaderDown("A reader could not be confined, so it read nothing.")
        if len(written) > self._limits.answer:
            raise OutOfResources
        frames = frames_of(written)
        answer = _answer(frames)
        whole = answer and _whole(end, answer, frames)
        if whole:
            return whole
        if end.timed_out:
            raise TimedOut
        if self._is_exhausted(end):
            raise OutOfResources
        if answer is None or end.status or not answer.code:
            _log.error("reader broke down", status=end.status, trace=answer.trace if answer else "")
            raise Crashed
        raise refusal_named(answer.code, answer.message[:MESSAGE_CHARACTERS])

    def _is_exhausted(self, end: End) -> bool:
        # C++ libraries that get no memory abort; how much there was before tells that from other crashes.
        return end.status in _EXHAUSTED or (end.status < 0 and end.peak > self._limits.memory / 2)

    def _connected(self) -> socket.socket:
        if self._channel is None or not self.ready:
            self._end()
            self._channel = self._start()
        return self._channel

    def _start(self) -> socket.socket:
        if find_library("seccomp") is None:
            raise ReaderDown("The library libseccomp is missing; install the package libseccomp2.")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = json.dumps({"limits": asdict(self._limits), "tessdata": str(self._tessdata)})
        # Nothing of this process's environment: it holds secrets. Threads would not survive a fork.
        environment = {"PYTHONPATH": str(Path(services.__path__[0]).parent), "LC_ALL": "C.UTF-8"}
        environment |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603  # our own module by our own interpreter
                [sys.executable, "-P", "-m", SERVER, options],
                cwd="/",
                env=environment,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        STARTS.inc()
        ours.settimeout(START_SECONDS)
        try:
            ready, _ = receive(ours)
        except (OSError, EOFError) as fault:
            ours.close()
            self._end()
            raise ReaderDown(
                "The process that reads documents does not start; its reason is in the log above."
            ) from fault
        ours.settimeout(None)
        if not ready["landlock"]:
            _log.warning("the kernel has no Landlock: readers are kept from files by their user alone")
        return ours

    def _end(self) -> None:
        if self._channel:
            self._channel.close()
        if self._server:
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        self._server = self._channel = None


def _answer(frames: Sequence[bytes]) -> Answer | None:
    try:
        return read_json(Answer, frames[0], "answer") if frames else None
    except Malformed:
        return None


def _whole(end: End, answer: Answer, frames: Sequence[bytes]) -> Reading | Unpacked | None:
    """What a child left that had done all that matters; it may have ended in any way after that."""
    if answer.members and len(frames) > len(answer.members):
        _, *others = frames
        count = len(answer.members)
        members = (
            Member(found.name, found.media_type, data) for found, data in zip(answer.members, others, strict=False)
        )
        return Unpacked(tuple(members), answer.left_aside, mail=b"".join(others[count : count + 1]))
    if answer.result is None or len(frames) < READ_FRAMES:
        return None
    _, index, words, *drawn = frames
    if len(frames) < DRAWN_FRAMES:
        _log.warning("pages without pictures", status=end.status, timed_out=end.timed_out)
        return Reading(answer.result, index, words)
    pictures, index, *mail = drawn
    return Reading(answer.result, index, words + pictures, mail=b"".join(mail[:1]))
