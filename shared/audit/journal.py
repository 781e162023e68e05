"""The journal of one process: a thread that writes what it is handed, in order, many entries at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from prometheus_client import Counter

from shared.audit.chain import CLOSED, ENDED, GENESIS, LOST, Record, Writer, record_of, seal
from shared.audit.spool import Count, Dead, Spool
from shared.clock import utc_now
from shared.contracts.audit import AuditHeadReported, Entry
from shared.errors import Unavailable
from shared.ids import new_uuid7
from shared.logs import get_logger

FLUSH_SECONDS = 0.1
WRITE_SECONDS = 4.0
REPORT_SECONDS = 60.0
REPORT_RETRY_SECONDS = 10.0
RETRY_SECONDS = 0.5
CLOSE_SECONDS = 5.0
CAPACITY = 20_000
"""How many entries wait while the database is away; what comes then is lost, and counted."""
BATCH = 500

NOT_WRITTEN = Counter("paperlane_audit_lost_entries", "Audit entries that were dropped because the log was full.")

Report = Callable[[AuditHeadReported], None]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the database has of a chain: entries of others than the journal itself, losses told, and its head."""

    entries: int = 0
    lost: int = 0
    sequence: int = 0
    hash: str = GENESIS
    closed: bool = False


class Store(Protocol):
    """Where chains are kept. Both raise when the database is away."""

    def append(self, records: list[Record]) -> None:
        """Keep these; those that are there already, from an earlier try, stay."""
        ...

    def tally(self, chain: str) -> Tally: ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: Entry
    time: datetime
    written: threading.Event | None = None


class ChainJournal:
    """The `Journal` of this process, in a chain that begins with it. `start` it after the fork, `close` it at the end.

    `report` tells the chain's head, at once when it begins, then each minute in which it moved, and at its end.
    """

    def __init__(self, store: Store, writer: Writer, spool: Spool, report: Report) -> None:
        self.chain = f"{writer.process}-{new_uuid7()}"
        self._store, self._writer, self._spool, self._report = store, writer, spool, report
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._count, self._dropped, self._closing = Count(), 0, False
        self._wake, self._urgent = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        # Of the writing thread alone:
        self._head = (0, GENESIS)
        self._lost, self._closed = 0, False
        self._sealed: list[Record] = []
        self._sealed_for: list[_Waiting] = []
        self._reported, self._report_at = 0, 0.0
        self._settled: list[tuple[Dead, AuditHeadReported]] = []

    def start(self) -> None:
        """Begin to write, and settle the chains of processes that were killed."""
        self._spool.begin(self._count, self.chain)
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> None:
        self._accept(_Waiting(entry, utc_now()))

    def write(self, entry: Entry) -> None:
        written = threading.Event()
        if not (self._accept(_Waiting(entry, utc_now(), written)) and written.wait(WRITE_SECONDS)):
            raise Unavailable("The audit log cannot be written at the moment. What was asked for may have been done.")

    def close(self) -> None:
        """Write what waits and close the chain, within five seconds; what is left then is told by the next process."""
        with self._lock:
            self._closing = True
        self._urgent.set()
        self._wake.set()
        if self._thread:
            self._thread.join(CLOSE_SECONDS)

    def _accept(self, waiting: _Waiting) -> bool:
        with self._lock:
            self._count.add()
            fits = len(self._queue) < CAPACITY and not self._closing
            if fits:
                self._queue.append(waiting)
            else:
                self._dropped += 1
        if not fits:
            NOT_WRITTEN.inc()
        if waiting.written:
            self._urgent.set()
        if not self._wake.is_set():
            self._wake.set()
        return fits

    def _run(self) -> None:
        dead = self._spool.dead()
        self._wake.set()
        while True:
            self._wake.wait(max(0.0, min(REPORT_SECONDS, self._report_at - time.monotonic())) or REPORT_SECONDS)
            self._urgent.wait(FLUSH_SECONDS)
            self._urgent.clear()
            self._wake.clear()
            closing = self._closing
            try:
                self._flush()
                while dead:
                    self._settle(dead[0])
                    dead.pop(0)
                if closing:
                    self._end()
            except Exception as fault:  # whatever the database does: keep what waits, and try again
                log.warning("audit_not_written", reason=str(fault), waiting=len(self._queue) + len(self._sealed))
                self._wake.set()
                time.sleep(RETRY_SECONDS)
                continue
            told = self._report_heads(closing)
            if closing:
                # A head that was not told is told by the next process, which finds the count.
                if told:
                    self._count.forget()
                return

    def _flush(self) -> None:
        while self._sealed or self._seal_next():
            self._store.append(self._sealed)
            for waiting in self._sealed_for:
                if waiting.written:
                    waiting.written.set()
            self._sealed, self._sealed_for = [], []

    def _seal_next(self) -> bool:
        """Give the next entries their places; whether there are any. From now on they are written as they are."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
            taken = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        if dropped:
            self._lost += dropped
            self._seal(self._own(LOST, self.chain, dropped), utc_now())
        for waiting in taken:
            self._seal(waiting.entry, waiting.time)
        self._sealed_for = taken
        return bool(self._sealed)

    def _seal(self, entry: Entry, moment: datetime) -> None:
        sequence, previous = self._head
        sealed = seal(self._writer.key, record_of(self._writer, self.chain, entry, moment), sequence + 1, previous)
        self._sealed.append(sealed)
        self._head = sequence + 1, sealed["hash"]

    def _own(self, action: str, chain: str, lost: int) -> Entry:
        return Entry(action, self._writer.process, "", chain, detail={"entries": str(lost)})

    def _settle(self, dead: Dead) -> None:
        """Say in this chain how another one ended whose process was killed. Its head is reported next."""
        kept = self._store.tally(dead.chain)
        lost = max(0, dead.total - kept.entries - kept.lost)
        if not kept.closed and (lost or kept.sequence):
            self._flush()
            self._seal(self._own(ENDED, dead.chain, lost), utc_now())
            self._flush()
            log.warning("audit_chain_ended_by_a_kill", chain=dead.chain, lost=lost)
        if kept.sequence:
            head = (self._writer.service, dead.chain, kept.sequence, kept.hash)
            self._settled.append((dead, AuditHeadReported(*head, kept.lost + lost, kept.closed)))
        else:
            dead.forget()

    def _end(self) -> None:
        if self._head[0] and not self._closed:
            self._seal(self._own(CLOSED, self.chain, self._lost), utc_now())
            self._closed = True
        self._flush()

    def _report_heads(self, closing: bool) -> bool:
        """Whether all heads are told that are due; those that cannot be told now are tried again later."""
        if time.monotonic() < self._report_at and not closing:
            return True
        try:
            while self._settled:
                dead, head = self._settled[0]
                self._report(head)
                dead.forget()
                self._settled.pop(0)
            if self._head[0] > self._reported:
                self._report(AuditHeadReported(self._writer.service, self.chain, *self._head, self._lost, closing))
                self._reported, self._report_at = self._head[0], time.monotonic() + REPORT_SECONDS
        except Exception as fault:  # whatever stands between here and auth
            log.warning("audit_heads_not_reported", reason=str(fault))
            self._report_at = time.monotonic() + REPORT_RETRY_SECONDS
            return False
        return True
