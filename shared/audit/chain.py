"""A chain of entries: each is bound to the one before by HMAC-SHA-256, so that a chain that was touched is found out.

Values in, values out. A record is an entry as it lies in the database; all its members but `_id` and `hash` are hashed.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from shared.clock import rfc3339
from shared.contracts.audit import Entry

Record = dict[str, Any]

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

# Entries about chains, which the journal writes itself. They belong to no company.
OWN_PREFIX = "audit."
LOST = "audit.entries-lost"
ENDED = "audit.chain-ended"
CLOSED = "audit.chain-closed"

MAX_TEXT = 256
MAX_FAULTS = 100
"""So many faults of one chain are told by name; the others are counted."""
_UNHASHED = frozenset({"_id", "hash", "previous"})


@dataclass(frozen=True)
class Writer:
    """Who writes a chain: the process of a service, e.g. `files-worker` of `files`, under a key. Chains under the keys
    `before` are still verified.
    """

    service: str
    process: str
    key: bytes
    before: tuple[bytes, ...] = ()

    @cached_property
    def key_id(self) -> str:
        return _key_id(self.key)

    @cached_property
    def keys(self) -> Mapping[str, bytes]:
        """All keys by their ids."""
        return {_key_id(key): key for key in (self.key, *self.before)}


def _key_id(key: bytes) -> str:
    """Tells keys apart without telling the key."""
    return hmac.digest(key, b"id of this audit key", "sha256").hex()[:12]


def record_of(writer: Writer, chain: str, entry: Entry, time: datetime) -> Record:
    """The entry as it will be kept. What a stranger sent may be too long, or no text that a database takes."""
    return {
        "chain": chain,
        "time": time,
        "service": writer.service,
        "key": writer.key_id,
        "action": _tidy(entry.action),
        "actor": _tidy(entry.actor),
        "company": _tidy(entry.company_id),
        "subject": _tidy(entry.subject),
        "requestId": _tidy(entry.request_id),
        "address": _tidy(entry.address),
        "before": _tidy(entry.before),
        "after": _tidy(entry.after),
        "detail": {_tidy(name): _tidy(value) for name, value in entry.detail.items()},
    }


def seal(key: bytes, record: Record, sequence: int, previous: str) -> Record:
    """The record in its place behind the entry whose hash is `previous`."""
    placed = {"_id": f"{record['chain']}/{sequence}", **record, "sequence": sequence, "previous": previous}
    return placed | {"hash": digest(key, placed)}


def digest(key: bytes, record: Record) -> str:
    """The hash (hex) that the record must have: HMAC-SHA-256 over the previous hash and the canonical JSON."""
    members = {name: value for name, value in record.items() if name not in _UNHASHED}
    text = f"{record.get('previous')}\n{_canonical(members)}"
    return hmac.digest(key, text.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the writer of the chain did not do. `kind` is stable, `text` a sentence for a person."""

    sequence: int
    kind: str
    text: str


@dataclass(slots=True)
class Part:
    """What was seen of one chain. `head` is the hash of its last entry, `lost` how many entries its own process said it
    could not write, `ended` what it says about other chains, whose processes were killed: chain → entries lost.
    """

    chain: str
    entries: int = 0
    first_sequence: int = 0
    last_sequence: int = 0
    first_time: datetime | None = None
    last_time: datetime | None = None
    head: str = GENESIS
    lost: int = 0
    closed: bool = False
    ended: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a chain, from which a walk goes on: the entry `sequence` with its hash; 0 before the first."""

    chain: str
    sequence: int = 0
    hash: str = GENESIS


class Walk:
    """Checks records, which come ordered by chain and sequence; begins behind `place` where that is in their midst."""

    def __init__(self, writer: Writer, place: Place | None = None) -> None:
        self.parts: list[Part] = []
        self._writer = writer
        self._place = place
        self._spoilt: list[Record] = []

    def over(self, records: Iterable[Record]) -> list[Part]:
        for record in records:
            if not self.parts or self.parts[-1].chain != record["chain"]:
                self._begin(record["chain"])
            self._step(self.parts[-1], record)
        self._name_the_spoilt()
        return self.parts

    def _begin(self, chain: str) -> None:
        self._name_the_spoilt()
        self.parts.append(Part(chain))
        if not self._place or self._place.chain != chain:
            self._place = Place(chain)

    def _step(self, part: Part, record: Record) -> None:
        assert self._place is not None, "a chain has begun"
        before, sequence = self._place, record.get("sequence")
        if not isinstance(sequence, int) or isinstance(sequence, bool):
            _tell(part, before.sequence + 1, "edited", "Its place in the chain was overwritten.")
            return
        if part.closed:
            _tell(part, sequence, "after-close", "It was added after the chain was closed.")
        if sequence <= before.sequence:
            _tell(part, sequence, "broken", "There is more than one entry in this place.")
        elif sequence != before.sequence + 1:
            text = f"Entries {before.sequence + 1} to {sequence - 1} are missing before it."
            _tell(part, sequence, "missing", text)
        elif record.get("previous") != before.hash:
            _tell(part, sequence, "broken", "It does not follow from the entry before it: one of the two was replaced.")
        self._check(part, record, sequence)
        _count(part, record, sequence)
        self._place = Place(part.chain, sequence, part.head)

    def _check(self, part: Part, record: Record, sequence: int) -> None:
        key = self._writer.keys.get(str(record.get("key")))
        if key is None:
            _tell(part, sequence, "foreign-key", "It was written under a key that is not in PAPERLANE_AUDIT_KEY.")
        elif not hmac.compare_digest(digest(key, record), str(record.get("hash"))):
            self._spoilt.append(record)

    def _name_the_spoilt(self) -> None:
        """An entry whose hash is right in another's place was moved there; any other was edited."""
        places = [record["sequence"] for record in self._spoilt[:MAX_FAULTS]]
        for record in self._spoilt:
            sequence = record["sequence"]
            kind, text = "edited", "It is not what was written: its content does not fit its hash."
            for place in places:
                if digest(self._writer.keys[record["key"]], {**record, "sequence": place}) == record.get("hash"):
                    kind, text = "reordered", f"It was written as entry {place} and moved here."
                    break
            _tell(self.parts[-1], sequence, kind, text)
        self._spoilt = []


def _tell(part: Part, sequence: int, kind: str, text: str) -> None:
    part.fault_count += 1
    if len(part.faults) < MAX_FAULTS:
        part.faults.append(Fault(sequence, kind, text))


def _count(part: Part, record: Record, sequence: int) -> None:
    part.entries += 1
    part.first_sequence = part.first_sequence or sequence
    at = record.get("time")
    part.last_time = at if isinstance(at, datetime) else None  # an edit may have left anything
    part.first_time = part.first_time or part.last_time
    part.last_sequence, part.head = sequence, str(record.get("hash"))
    action = record.get("action")
    part.closed = part.closed or action == CLOSED
    if action == LOST:
        part.lost += number_of(record)
    elif action == ENDED:
        part.ended[str(record.get("subject"))] = number_of(record)


def number_of(record: Record) -> int:
    """The count in an entry about a chain; 0 where an edit left none, which is told as a fault anyway."""
    detail = record.get("detail")
    text = str(detail.get("entries")) if isinstance(detail, Mapping) else ""
    return int(text) if text.isascii() and text.isdigit() else 0


def _tidy(text: str) -> str:
    if text.isascii() and len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].encode("utf-8", "backslashreplace").decode()


def _plain(value: Any) -> str:
    return rfc3339(value) if isinstance(value, datetime) else repr(value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain).encode
