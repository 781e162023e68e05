"""Values of cells as text: with the decimals, percent and currency signs of their number format.

What a person sees of 1234.5 or of a date depends on where he sits, too. So that it is read alike everywhere, thousands
are not grouped, decimals follow a dot, and dates are written as ISO 8601 has them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

GENERAL = "General"
# Colours, conditions and locales; what is left of a currency's brackets is its sign.
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
# Room as wide as a sign, and a sign that fills the cell.
_ROOM = re.compile(r"[_*].")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_NUMBER = re.compile(r"[#0?][#0?,.\s]*")
_DECIMALS = re.compile(r"\.([0#?]+)")
MOST_DECIMALS = 10


def shown(value: Any, number_format: str) -> str:
    """The text of a cell's value."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, str | timedelta) else ""


def _number(value: float, number_format: str) -> str:
    pattern = _BRACKETS.sub("", _CURRENCY.sub(r'"\1"', (number_format or GENERAL).split(";")[0]))
    bare = _LITERAL.sub("", _ROOM.sub("", pattern))
    if not _NUMBER.search(bare):
        return _plain(value)
    if "%" in bare:
        value *= 100
    found = _DECIMALS.search(bare)
    least = found[1].count("0") if found else 0
    most = min(len(found[1]), MOST_DECIMALS) if found else 0
    text = f"{value:.{most}f}"
    while most > least and text.endswith("0"):
        text, most = text[:-1], most - 1
    before, after = _around(_ROOM.sub("", pattern))
    return f"{before}{text.rstrip('.') if not least else text}{'%' if '%' in bare else ''}{after}"


def _plain(value: float) -> str:
    """Without the noise of binary fractions; half a euro with two decimals."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    whole, dot, decimals = text.partition(".")
    return f"{whole}{dot}{decimals:0<2}" if dot else whole


def _around(pattern: str) -> tuple[str, str]:
    """What stands before and after the number, such as the sign of a currency."""
    literals: list[tuple[int, str]] = [
        (match.start(), match[1] or match[2] or "") for match in _LITERAL.finditer(pattern)
    ]
    hidden = _LITERAL.sub(lambda match: "\0" * len(match[0]), pattern)
    number = _NUMBER.search(hidden)
    at = number.start() if number else 0
    literals += [(match.start(), match[0]) for match in re.finditer(r"[€$£¥]", hidden)]
    before = "".join(text for place, text in sorted(literals) if place < at).strip(" -+()")
    after = "".join(text for place, text in sorted(literals) if place > at).strip(" -+()")
    return f"{before} " if before else "", f" {after}" if after else ""
