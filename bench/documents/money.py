"""Amounts, quantities and dates as they are printed in one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SYMBOLS = {"EUR": ("€", "EUR", "Euro"), "GBP": ("£", "GBP"), "USD": ("$", "USD", "US$"), "CHF": ("CHF", "Fr.", "SFr."),
           "MYR": ("RM", "RM", "MYR"), "INR": ("Rs.", "INR", "Rs")}  # fmt: skip


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """As the truth states it: a point and two decimals."""
    return f"{cents(amount):.2f}"


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers and dates are written: `example` shows the amount 1234.56, or 1234567.89 the Indian way."""

    example: str
    dates: str
    months: Sequence[str]
    trailing_minus: bool = False

    @property
    def point(self) -> str:
        return self.example[-3]

    @property
    def thousands(self) -> str:
        return "" if self.example[1].isdigit() and "," not in self.example[:3] else self.example.lstrip("12")[0]

    def number(self, value: Decimal, decimals: int = 2) -> str:
        """Grouped, with so many decimals."""
        whole, _, rest = f"{abs(value):.{decimals}f}".partition(".")
        text = self._grouped(whole) + (self.point + rest if rest else "")
        if value < 0:
            return f"{text}-" if self.trailing_minus else f"-{text}"
        return text

    def bare(self, value: Decimal) -> str:
        """Without needless decimals."""
        return self.number(value, max(0, -int(value.normalize().as_tuple().exponent)))

    def day(self, day: date) -> str:
        """`dates` holds d, dd, m, mm, mon, month, yy and yyyy in braces."""
        month = self.months[day.month - 1]
        short = month if len(month) < 5 else month[:3]
        return self.dates.format(
            d=day.day, dd=f"{day.day:02}", m=day.month, mm=f"{day.month:02}", mon=short, MON=short.upper(),
            month=month, yy=f"{day.year % 100:02}", yyyy=day.year, th=f"{day.day}{_ordinal(day.day)}",
        )  # fmt: skip

    def _grouped(self, whole: str) -> str:
        if not self.thousands or len(whole) < 4:
            return whole
        step, rest, groups = (2 if self.example.startswith("12,") else 3), whole[:-3], [whole[-3:]]
        while rest:
            rest, group = rest[:-step], rest[-step:]
            groups.insert(0, group)
        return self.thousands.join(groups)


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
