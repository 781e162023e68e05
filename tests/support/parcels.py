"""Archives and e-mails as tests send them, good ones and such that are made to do harm."""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Attached = tuple[str, str, bytes]
"""The name of an attachment, its media type, its bytes."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these."""
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def mailed(text: str = "Dear all,\nplease find attached our invoice.\n", *attached: Attached, html: str = "") -> bytes:
    """An e-mail with this text, and these attachments."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "M\u00fcller GmbH <billing@example.com>", "ap@example.org"
    mail["Subject"], mail["Date"] = "Invoice R\u20134711", "Mon, 2 Mar 2026 09:30:00 +0100"
    if text:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html") if text else mail.set_content(html, subtype="html")
    for name, media_type, data in attached:
        main, _, sub = media_type.partition("/")
        mail.add_attachment(data, main, sub, filename=name)
    return mail.as_bytes()


def symlinked() -> bytes:
    """An archive with a link to a file outside."""
    entry = ZipInfo("invoice.pdf")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return held.getvalue()


def locked(files: Mapping[str, bytes]) -> bytes:
    """An archive whose entries say that they are encrypted."""
    data = bytearray(zipped(files))
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + flags] |= 1
    return bytes(data)


def overlapping(entries: int = 50, size: int = 10_240) -> bytes:
    """An archive whose entries all have one and the same data."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(range(256)) * (size // 256)) + packer.flush()
    body = _local(b"0", packed, size)
    return _ended(body, [_central(f"{index}".encode(), packed, size, 0) for index in range(entries)])


def quoted(entries: int = 20, size: int = 10_000) -> bytes:
    """An archive in which each entry has the headers of the next ones in its data (D. Fifield, A better zip bomb)."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(size)) + kernel.flush()
    body, directory, offset = b"", [], 0
    for index in reversed(range(entries)):
        quote = struct.pack("<BHH", 0, len(body) & 0xFFFF, ~len(body) & 0xFFFF) + body if body else packed
        data = quote if body else packed
        header = _local(f"{index}".encode(), b"", size, len(data))
        directory.append((index, len(header) + len(data)))
        body = header + data
    sizes = dict(directory)
    offsets = {}
    for index in range(entries):
        offsets[index] = offset
        offset += sizes[index] - sizes.get(index + 1, 0) if index + 1 in sizes else 0
    records = [_central(f"{index}".encode(), b"", size, offsets[index], sizes[index] - 31) for index in range(entries)]
    return _ended(body, records)


def lying(data: bytes = bytes(5_000_000), said: int = 1000) -> bytes:
    """An archive with an entry that unpacks to more than it says."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return _ended(_local(b"invoice.pdf", packed, said), [_central(b"invoice.pdf", packed, said, 0)])


def _local(name: bytes, packed: bytes, size: int, packed_size: int | None = None) -> bytes:
    length = len(packed) if packed_size is None else packed_size
    return struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, length, size, len(name), 0) + name + packed


def _central(name: bytes, packed: bytes, size: int, offset: int, packed_size: int | None = None) -> bytes:
    length = len(packed) if packed_size is None else packed_size
    fixed = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, length, size, len(name), 0, 0, 0, 0, 0, offset)
    return fixed + name


def _ended(body: bytes, records: Sequence[bytes]) -> bytes:
    directory = b"".join(records)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(records), len(records), len(directory), len(body), 0)
    return body + directory + end
