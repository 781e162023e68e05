"""Dates in the ways business documents write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from services.extraction.domain.parsers import REMEMBERED, Match

_MONTHS = {
    1: "january januar jan jänner janvier janv enero ene gennaio gen januari",
    2: "february februar feb février févr fevrier fév febrero febbraio febr februari",
    3: "march märz mär maerz mrz mar mars marzo maart mrt",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maggio mag mei",
    6: "june juni jun juin junio giugno giu",
    7: "july juli jul juillet juil julio luglio lug",
    8: "august aug août aout agosto ago augustus",
    9: "september sep sept septembre septiembre settembre set",
    10: "october oktober okt oct octobre octubre ottobre ott",
    11: "november nov novembre noviembre",
    12: "december dezember dez dec décembre déc decembre diciembre dic dicembre",
}
_MONTH_OF = {name: month for month, names in _MONTHS.items() for name in names.split()}
_NAME = "(?P<month>" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2}(?!\d|[.,]\d))"
_DAY = r"(?<!\d)(?P<a>\d{1,2})(?:\.|st|nd|rd|th|er)?[\s/-]{0,2}(?:of |de )?"
_FORMS = (
    # 2026-03-12, 2026/3/12, 2026.03.12
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<a>\d{1,2})(?!\d)"),
    # 12.03.2026, 12/3/26, 12-03-2026; OCR glues the time to the year
    re.compile(r"(?<![\d.,/])(?P<a>\d{1,2})\s?(?P<mark>[-/.])\s?(?P<b>\d{1,2})\s?(?P=mark)\s?" + _YEAR),
    # 12 March 2026, 1. Oktober 2023, 5th of October 2023, 12-Mar-26, 02/Jan/2017, 1er octobre, 3 de marzo de 2024
    re.compile(_DAY + _NAME + r",?[\s/-]{0,2}(?:de )?" + _YEAR, re.I),
    # March 12, 2026; Mar-12-2026
    re.compile(r"(?<!\w)" + _NAME + r"[\s-]{0,2}(?P<a>\d{1,2})(?:st|nd|rd|th)?,?[\s-]{1,2}" + _YEAR, re.I),
)  # fmt: skip


def find_dates(text: str, month_first: bool = False) -> list[Match]:
    """Every date in `text`, in order of place. `month_first` settles 3/4/2026; a number above 12 is a day."""
    return list(_dates_in(text, month_first))


@lru_cache(maxsize=REMEMBERED)
def _dates_in(text: str, month_first: bool) -> tuple[Match, ...]:
    if not any(letter.isdigit() for letter in text):
        return ()
    found: list[Match] = []
    for form in _FORMS:
        for match in form.finditer(text):
            day = _day(match, month_first)
            if day and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Match(day, *match.span()))
    return tuple(sorted(found, key=lambda match: match.start))


def is_month_first(texts: Iterable[str]) -> bool | None:
    """Whether this document writes the month before the day: True, False, or None when no date of it tells."""
    for text in texts:
        for first, second in re.findall(r"(?<![\d./])(\d{1,2})[/-](\d{1,2})[/-](?:20)?\d{2}(?!\d)", text):
            if int(first) > 12 >= int(second):
                return False
            if int(second) > 12 >= int(first):
                return True
    return None


def _day(match: re.Match[str], month_first: bool) -> date | None:
    groups = match.groupdict()
    first, year = int(groups["a"]), int(groups["year"])
    year += 2000 if year < 100 else 0
    if "month" in groups:
        # Letters of other alphabets match some of ours without case: no month is called so.
        month, day = _MONTH_OF.get(groups["month"].lower(), 0), first
    else:
        day, month = first, int(groups["b"])
        written_month_first = month_first and groups["mark"] != "." and not match.group().startswith(groups["year"])
        if day <= 12 and (written_month_first or month > 12):
            day, month = month, day
    try:
        return date(year, month, day) if 1990 <= year < 2090 else None
    except ValueError:
        return None
