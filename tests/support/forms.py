"""Bodies of multipart/form-data, written out."""

from __future__ import annotations

BOUNDARY = "----b0undary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
OPENING = b"--" + BOUNDARY.encode() + b"\r\n"
CLOSING = b"\r\n--" + BOUNDARY.encode() + b"--\r\n"
BETWEEN = b"\r\n" + OPENING


def part(data: bytes, filename: str = "a.pdf", media_type: str = "", name: str = "file") -> bytes:
    """A part with its headers, of which no type is one."""
    typed = f"Content-Type: {media_type}\r\n" if media_type else ""
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return f"{disposition}{typed}\r\n".encode() + data


def form(*parts: bytes) -> bytes:
    return OPENING + BETWEEN.join(parts) + CLOSING
