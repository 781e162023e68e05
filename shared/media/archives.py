"""ZIP archives, also in the form of DOCX and XLSX, looked at without trusting them.

What an archive says of itself is checked before anything is unpacked, and what comes out is counted all the same.
"""

from __future__ import annotations

import re
import stat
import zlib
from collections.abc import Iterator
from io import RawIOBase
from itertools import pairwise
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from shared.media import DOCX, XLSX, ZIP

MAX_ENTRIES = 2000
MAX_BYTES = 200_000_000
MAX_RATIO = 100
# Of an archive with few bytes the ratio says nothing: a kilobyte of blanks is harmless.
_HARMLESS_BYTES = 1_000_000
_HEADER_BYTES = 30
_ENCRYPTED = 1
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_CHUNK = 64 * 1024
# Where the package of an office document has its main part.
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_TYPES = "[Content_Types].xml"


class UnsafeArchive(Exception):
    """An archive that is no archive, or that is made to do harm; the text says why."""


class Locked(Exception):
    """An entry asks for a password."""


def open_archive(file: IO[bytes] | RawIOBase) -> ZipFile:
    """The archive in the file, of which only the directory is read; UnsafeArchive."""
    try:
        archive = ZipFile(cast(IO[bytes], file))
    except (BadZipFile, LargeZipFile, NotImplementedError, UnicodeError, ValueError, OSError) as fault:
        raise UnsafeArchive("it is damaged, or no ZIP archive") from fault
    _refuse_harmful(archive)
    return archive


def files_in(archive: ZipFile) -> list[ZipInfo]:
    """Its entries without the folders."""
    return [entry for entry in archive.infolist() if not entry.is_dir()]


def media_type_of(archive: ZipFile) -> str:
    """DOCX, XLSX or ZIP, as the names of its entries show."""
    names = set(archive.namelist())
    found = [media_type for part, media_type in _MAIN_PARTS.items() if part in names]
    return found[0] if len(found) == 1 and _TYPES in names else ZIP


def unpack(archive: ZipFile) -> Iterator[tuple[ZipInfo, bytes]]:
    """Each file of the archive with its bytes, counted while they come out; UnsafeArchive, Locked."""
    rest = MAX_BYTES
    for entry in files_in(archive):
        data = _bytes_of(archive, entry, rest)
        rest -= len(data)
        yield entry, data


def _bytes_of(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise Locked
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnsafeArchive("it is packed by another method than deflate")
    parts, size = [], 0
    try:
        with archive.open(entry) as file:
            while part := file.read(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > most:
                    raise UnsafeArchive(f"it unpacks to more than {MAX_BYTES} bytes")
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error) as fault:
        raise UnsafeArchive("one of its entries is not what the directory says") from fault
    return b"".join(parts)


def _refuse_harmful(archive: ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UnsafeArchive(f"it has {len(entries)} entries, and may have {MAX_ENTRIES}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_BYTES:
        raise UnsafeArchive(f"it unpacks to {unpacked} bytes, and may unpack to {MAX_BYTES}")
    if unpacked > max(_HARMLESS_BYTES, MAX_RATIO * sum(entry.compress_size for entry in entries)):
        raise UnsafeArchive(f"it unpacks to more than {MAX_RATIO} times its size")
    if any(_leads_out(entry) for entry in entries):
        raise UnsafeArchive("one of its entries has a name that leads out of the archive, or is a link")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    if any(_least_end(one) > other.header_offset for one, other in pairwise(ordered)):
        raise UnsafeArchive("its entries overlap")
    if ordered and _least_end(ordered[-1]) > archive.start_dir:
        raise UnsafeArchive("its entries overlap its directory")


def _leads_out(entry: ZipInfo) -> bool:
    name = entry.orig_filename
    return (
        _ABSOLUTE.match(name) is not None
        or ".." in re.split(r"[/\\]", name)
        or "\0" in name
        or stat.S_ISLNK(entry.external_attr >> 16)
    )


def _least_end(entry: ZipInfo) -> int:
    """Where the entry ends at the earliest, whatever its own header says of itself."""
    return (
        entry.header_offset + _HEADER_BYTES + len(entry.orig_filename.encode("cp437", "replace")) + entry.compress_size
    )
