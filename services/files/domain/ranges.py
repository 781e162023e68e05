"""Parts of files as clients ask for them (RFC 9110 §14)."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.files.errors import RangeNotSatisfiable

# One range: from the first byte to the last or to the end, or the last so many.
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*\Z", re.IGNORECASE)


class Span(NamedTuple):
    """`size` bytes from the one at `start` on, counted from 0."""

    start: int
    size: int


def read_range(header: str, size: int) -> Span | None:
    """The part of a file of `size` bytes that a Range header asks for. None means all of it: for several ranges, other
    units and whatever is malformed, since a server may ignore Range. RangeNotSatisfiable when no byte is in the range.
    """
    found = _RANGE.match(header)
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise RangeNotSatisfiable(size)
    return Span(start, end - start)
