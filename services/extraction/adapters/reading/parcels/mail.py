"""An e-mail: what it says of itself, its text, and what is attached to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

from services.extraction.adapters.reading.parcels.html import text_of_html
from services.extraction.errors import Unreadable
from shared.media import MAIL

MAX_PARTS = 2000
# Pictures in the text that are smaller belong to a signature.
SIGNATURE_BYTES = 100_000
SHOWN = ("From", "To", "Cc", "Date", "Subject")
MAX_HEADER = 1000
_PARSER = BytesParser(policy=policy.compat32)


@dataclass(frozen=True, slots=True)
class Attachment:
    """`inline` is a small picture that is shown in the text."""

    name: str
    data: bytes
    inline: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """`headers` are those that are shown to people, by their names."""

    headers: dict[str, str]
    text: str
    attachments: tuple[Attachment, ...]


def read_mail(document: bytes) -> Mail:
    """The e-mail; Unreadable when it has thousands of parts, or parts within parts without end."""
    try:
        message = _PARSER.parsebytes(document)
        parts = list(_parts(message))
    except RecursionError as fault:
        raise Unreadable("The e-mail's parts lie within each other without end.") from fault
    plain = [_text(part) for part in parts if _is_text(part, "text/plain")]
    html = [text_of_html(_text(part)) for part in parts if _is_text(part, "text/html")]
    text = "\n\n".join(each for each in plain if each.strip()) or "\n\n".join(html)
    attached = (part for part in parts if not _is_text(part, "text/plain", "text/html"))
    headers = {name: _words(message[name]) for name in SHOWN if message[name]}
    return Mail(headers, text, tuple(_attachment(part, index) for index, part in enumerate(attached, start=1)))


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in their order; of an attached e-mail not what is in it."""
    waiting, count = [message], 0
    while waiting:
        part, count = waiting.pop(), count + 1
        if count > MAX_PARTS:
            raise Unreadable(f"The e-mail has more than {MAX_PARTS} parts.")
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting += [each for each in reversed(content) if isinstance(each, Message)]
        else:
            yield part


def _is_text(part: Message, *types: str) -> bool:
    return part.get_content_type() in types and part.get_content_disposition() != "attachment" and not _name(part)


def _attachment(part: Message, index: int) -> Attachment:
    if part.get_content_type() == MAIL:
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else part
        subject = _words(message["Subject"]) if isinstance(message, Message) else ""
        data = _whole(message) if isinstance(message, Message) else b""
        return Attachment(_name(part) or f"{subject or f'message {index}'}.eml", data, inline=False)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    shown = part["Content-ID"] is not None and part.get_content_disposition() != "attachment"
    inline = shown and part.get_content_maintype() == "image" and len(data) < SIGNATURE_BYTES
    return Attachment(_name(part) or f"attachment {index}", data, inline)


def _whole(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=policy.compat32)
    except (UnicodeError, LookupError, MessageError, RecursionError, ValueError):  # a header that cannot be written
        return b""


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(_charset(part), "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset("utf-8")
    except (UnicodeError, ValueError, LookupError, TypeError, AttributeError):  # as it is written, it cannot be told
        return "utf-8"


def _name(part: Message) -> str:
    try:
        return _words(part.get_filename(""))
    except (UnicodeError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def _words(header: object) -> str:
    """The header as people read it (RFC 2047), on one line."""
    raw = str(header or "")[:MAX_HEADER]
    try:
        text = str(make_header(decode_header(raw)))
    except (UnicodeError, ValueError, LookupError, MessageError):
        text = raw
    return " ".join(text.encode("utf-8", "replace").decode().split())
