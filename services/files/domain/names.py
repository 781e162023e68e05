"""File names: read from a header, made harmless, written into headers. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from os.path import splitext
from urllib.parse import quote, unquote_to_bytes

HEADER = "X-Hy-Filename"
MAX_NAME_CHARACTERS = 256
# The longest name that file systems take.
_MAX_SAVED_BYTES = 255
# The parameter filename* of a Content-Disposition, in one of the charsets of RFC 8187 §3.2.1 and of what preceded it.
_EXTENDED = re.compile(r";\s*filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
# Control, format (bidi overrides among them), surrogate; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Names that Windows gives to devices, whatever their extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|\Z)", re.IGNORECASE)


def read_header(value: str) -> str:
    """The name in an X-Hy-Filename header, in NFC: UTF-8, percent-encoded or plain, else Latin-1.

    `value` has one character per byte, as WSGI gives headers. Latin-1 text that happens to be UTF-8 too ("Ã¤") is
    nearly always UTF-8 that a shell sent, so it is read as that.
    """
    try:
        text = unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError:
        text = value
    return unicodedata.normalize("NFC", text)


def read_extended(disposition: str) -> str | None:
    """The name in the parameter filename* of a Content-Disposition (RFC 6266 §4.3), in NFC; None without a good one."""
    found = _EXTENDED.search(disposition)
    try:
        return unicodedata.normalize("NFC", unquote_to_bytes(found[2]).decode(found[1])) if found else None
    except UnicodeDecodeError:
        return None


def write_header(name: str) -> str:
    """The header value that `read_header` understands as this name: the name itself where that is possible."""
    if all(character <= "\xff" for character in name) and read_header(name) == name:
        return name
    return quote(name, safe="")


def sanitise(text: str) -> str:
    """The harmless part of a file name, in NFC; empty when there is none.

    Folders, characters that are not seen, and dots and blanks at both ends go away; `con.pdf` becomes `_con.pdf`.
    """
    seen = "".join(character for character in text if unicodedata.category(character) not in _UNSEEN)
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", seen))[-1]
    name = re.sub(r"\A[\s.]+|[\s.]+\Z", "", last)
    return f"_{name}" if _DEVICE.match(name) else name


def attachment(name: str) -> str:
    """The Content-Disposition under which a browser saves, never shows, a file (RFC 6266 §4.3, Appendix D).

    The name comes twice: in ASCII for old readers, and whole. It is cut, before its extension, where no file system
    could keep it.
    """
    stem, extension = splitext(name)
    if len(extension.encode()) > 40:  # no extension, just a dot in a long name
        stem, extension = name, ""
    kept = stem.encode()[: _MAX_SAVED_BYTES - len(extension.encode())].decode(errors="ignore") + extension
    # Without quote, backslash and percent sign, which readers understand differently.
    plain = re.sub(r"[^ !#$&-\[\]-~]", "_", kept)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
