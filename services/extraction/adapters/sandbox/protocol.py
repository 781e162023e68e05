"""What the worker, its fork server and the children say to each other: JSON, never pickle.

worker ⇄ server   a socket of packets. First the server says that it is Ready. Then, per document, a Request with
                  two descriptors (what to read, the end of a pipe for the answer), and the End of the child.
child → worker    the pipe: frames. The Answer; if there is a result the index of the pages and its parts, the words; if
                  there are members, the bytes of each; then what can be lost without harm: of a result more parts, the
                  pictures, and the index that has them too; of both the e-mail, if there is one, as a PDF
"""

from __future__ import annotations

import json
import re
import socket
from dataclasses import asdict, dataclass
from typing import Any

from shared.contracts.extraction import ExtractionResult

# The exit status of a child that could not lock itself up, and therefore read nothing.
NO_WALLS = 71
PACKET_BYTES = 16 * 1024
MEBIBYTE = 1024 * 1024
# How many frames there are of a document that was read, and of one whose pages were drawn too.
READ_FRAMES, DRAWN_FRAMES = 3, 5
_SIZE = re.compile(rb"([0-9]{1,9})\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. Seconds are of the wall clock; `memory` is address space, in bytes as is `answer`."""

    seconds: float = 120
    memory: int = 1536 * MEBIBYTE
    answer: int = 160 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Ready:
    """The server can read documents. `landlock`: can the kernel keep the children from files?"""

    landlock: bool


@dataclass(frozen=True, slots=True)
class Request:
    """Read this document; languages are ISO 639-1 codes. `nested`: it came out of an archive or e-mail."""

    media_type: str
    languages: list[str]
    nested: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended: with an exit status, by a signal (then `status` is its negative number), or out of time.

    `peak` is the most memory it had at once, in bytes.
    """

    status: int
    timed_out: bool
    peak: int


@dataclass(frozen=True, slots=True)
class Found:
    """A document in the document."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found: a result, or several documents, or the code and the message of a refusal, or the traceback of
    a fault of ours. `left_aside` names what else was in it, with reasons.
    """

    result: ExtractionResult | None = None
    members: tuple[Found, ...] = ()
    left_aside: tuple[str, ...] = ()
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


def framed(data: bytes) -> bytes:
    """One frame: the number of its bytes on a line, then the bytes."""
    return b"%d\n%b" % (len(data), data)


def frames_of(written: bytes) -> list[bytes]:
    """The frames that are whole; what is left of a child that ended early is not."""
    frames, rest = [], memoryview(written)
    while match := _SIZE.match(rest):
        end = match.end() + int(match[1])
        if end > len(rest):
            break
        frames.append(bytes(rest[match.end() : end]))
        rest = rest[end:]
    return frames
