"""Every kind of message: its version, whether it is fact or command, who sends and who receives it, its body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shared.contracts.audit import AuditHeadReported
from shared.contracts.documents import DocumentDeleted, MembersDeclined, ProcessDocument
from shared.contracts.envelope import Envelope, Malformed
from shared.contracts.extraction import DocumentExtracted, DocumentRefused, DocumentSplit
from shared.contracts.files import FileDeleted, MembersStored


class Family(Enum):
    """A fact has happened and may have many receivers; a command asks one receiver to act."""

    FACT = "fact"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message, said by each of `senders`. `name` is past tense for facts, imperative for commands."""

    name: str
    version: int
    family: Family
    senders: tuple[str, ...]
    consumers: tuple[str, ...]
    body: type


KINDS: tuple[Kind, ...] = (
    Kind("process-document", 1, Family.COMMAND, ("documents",), ("extraction",), ProcessDocument),
    Kind("document-extracted", 1, Family.FACT, ("extraction",), ("documents",), DocumentExtracted),
    Kind("document-refused", 1, Family.FACT, ("extraction",), ("documents",), DocumentRefused),
    Kind("document-split", 1, Family.FACT, ("extraction",), ("files",), DocumentSplit),
    Kind("members-stored", 1, Family.FACT, ("files",), ("documents", "extraction"), MembersStored),
    Kind("members-declined", 1, Family.FACT, ("documents",), ("files",), MembersDeclined),
    Kind("document-deleted", 1, Family.FACT, ("documents",), ("files", "extraction"), DocumentDeleted),
    Kind("file-deleted", 1, Family.FACT, ("files",), (), FileDeleted),
    Kind("audit-head-reported", 1, Family.FACT, ("files", "documents"), ("auth",), AuditHeadReported),
)

_BY_NAME = {(kind.name, kind.version): kind for kind in KINDS}
_BY_BODY = {kind.body: kind for kind in KINDS}


def kind_of(envelope: Envelope) -> Kind:
    """The kind of this message; Malformed for one that is not listed."""
    return kind_named(envelope.type, envelope.version)


def kind_named(name: str, version: int) -> Kind:
    """The kind of this name and version; Malformed for one that is not listed."""
    try:
        return _BY_NAME[name, version]
    except KeyError:
        raise Malformed(f"no message {name}.v{version} is known") from None


def kind_for(body: type) -> Kind:
    """The kind whose body is this class."""
    return _BY_BODY[body]


def body_of(name: str, version: int) -> type:
    """The class of the body of this name and version; Malformed for one that is not listed."""
    return kind_named(name, version).body


def received_by(consumer: str) -> tuple[Kind, ...]:
    """Every kind that this service receives."""
    return tuple(kind for kind in KINDS if consumer in kind.consumers)
