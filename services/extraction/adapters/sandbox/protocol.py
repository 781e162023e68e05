"""What the worker, its fork server and the children say to each other: JSON, never pickle.

worker ⇄ server   a socket of packets. First the server says that it is Ready. Then, per document, a Request with
                  two descriptors (the document, the end of a pipe for the answer), and the End of the child.
child → worker    the pipe: the Answer on one line, then the pages, see `child.encode_pages`
"""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from typing import Any

from shared.contracts.extraction import ExtractionResult

# The exit status of a child that could not lock itself up, and therefore read nothing.
NO_WALLS = 71
PACKET_BYTES = 16 * 1024
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. Seconds are of the wall clock; `memory` is address space, in bytes as is `answer`."""

    seconds: float = 120
    memory: int = 1536 * MEBIBYTE
    answer: int = 32 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Ready:
    """The server can read documents. `landlock`: can the kernel keep the children from files?"""

    landlock: bool


@dataclass(frozen=True, slots=True)
class Request:
    """Read this document; languages are ISO 639-1 codes."""

    media_type: str
    languages: list[str]


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended: with an exit status, by a signal (then `status` is its negative number), or out of time.

    `peak` is the most memory it had at once, in bytes.
    """

    status: int
    timed_out: bool
    peak: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found: a result, or the code and the message of a refusal, or the traceback of a fault of ours."""

    result: ExtractionResult | None = None
    code: str = ""
    message: str = ""
    trace: str = ""


def send(channel: socket.socket, message: Any, *descriptors: int) -> None:
    """One packet; OSError when the other side is gone."""
    socket.send_fds(channel, [json.dumps(asdict(message)).encode()], descriptors)


def receive(channel: socket.socket, descriptors: int = 0) -> tuple[dict[str, Any], list[int]]:
    """The next packet and what came with it; EOFError when the other side is gone."""
    data, received, _, _ = socket.recv_fds(channel, PACKET_BYTES, descriptors)
    if not data:
        raise EOFError
    return json.loads(data), received
