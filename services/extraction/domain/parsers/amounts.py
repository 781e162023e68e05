"""Amounts, rates and currencies: every locale's way of grouping and parting digits, always as Decimal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from services.extraction.domain.parsers import REMEMBERED, Match

CODES = frozenset(
    ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "CAD", "AUD", "NZD", "JPY",
     "CNY", "INR", "SGD", "MYR", "HKD", "ZAR", "BRL", "MXN", "TRY", "AED", "ILS"]
)  # fmt: skip

# Digits in groups (1.234.567, 1 234, 1'234, 1,00,000) or plain, then perhaps decimals behind another mark.
_DIGITS = (
    r"(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?|\d{1,3}(?:,\d{2})*,\d{3}(?:,\d{3})*(?:\.\d{1,4})?"
    r"|\d{1,3}(?:['\u2019]\d{3})+(?:[.,]\d{1,4})?|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?)"
)
_SIGN = r"[-\u2212\u2013+]\s?"
_MONEY = rf"(?:[€$£¥₹]|{'|'.join(sorted(CODES))}|RM|Rs\.?|Fr\.?)"
_AMOUNT = re.compile(
    rf"(?:(?<![\w.,/:])|(?<=[^\W\d_])(?={_MONEY}\d))(?P<open>\()?(?P<sign>{_SIGN})?(?P<money>{_MONEY}\s?(?:{_SIGN})?)?(?P<digits>{_DIGITS}|[.,]\d\d)(?(money)(?:[.,]\s\d\d(?=\s*$))?)"
    rf"(?P<after>\s?[-\u2212](?=\s|$|[€$£]))?(?(open)\))(?![.,]\d|\s?%|(?!{_MONEY})[\w/:])"
)
_RATE = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,4})?)\s?%")
_GROUPED_BY_SPACE = re.compile(r"[ \u00a0\u202f'\u2019]")

_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "zł": "PLN",
    "Kč": "CZK",
    "US$": "USD",
    "C$": "CAD",
    "A$": "AUD",
    "RM": "MYR",
    "Rs": "INR",
    "Rs.": "INR",
}
_CURRENCY = re.compile(
    r"(?<![A-Za-z])(?:(?P<code>[A-Z]{3})|(?P<sign>US\$|C\$|A\$|RM|Rs\.?|zł|Kč|euros?|Euros?|EURO))(?![A-Za-z])|(?P<mark>[€£₹$])"
)


def read_amount(text: str, decimal_mark: str | None = None) -> Decimal | None:
    """The number that `text` states, or None. `decimal_mark` settles what "1.234" means; without it that is 1234."""
    text = text.strip()
    negative = re.match(r"[^\d]*[-\u2212\u2013(]", text) is not None or text.endswith(("-", "\u2212"))
    digits = _GROUPED_BY_SPACE.sub("", re.sub(r"[^\d.,'\u2019 \u00a0\u202f]", "", text)).rstrip(".,")
    digits = "0" + digits if re.match(r"[.,]\d", digits) else digits
    marks = [mark for mark in digits if mark in ".,"]
    if not re.fullmatch(r"\d[\d.,]*", digits):
        return None
    if not marks:
        value = Decimal(digits)
    else:
        whole, mark, rest = digits.rpartition(marks[-1])
        several = len(marks) > 1 and len(set(marks)) == 1
        ambiguous = len(marks) == 1 and len(rest) == 3 and 0 < len(whole) <= 3 and whole != "0"
        if several or (ambiguous and mark != decimal_mark):
            whole, rest = whole + rest, ""
        value = Decimal(re.sub(r"[.,]", "", whole) + ("." + rest if rest else ""))
    return -value if negative else value


def find_amounts(text: str, decimal_mark: str | None = None) -> list[Match]:
    """Every number in `text` that can be an amount or a quantity: no parts of codes or dates, no percentages."""
    return list(_amounts_in(text, decimal_mark))


@lru_cache(maxsize=REMEMBERED)
def _amounts_in(text: str, decimal_mark: str | None) -> tuple[Match, ...]:
    found = []
    for match in _AMOUNT.finditer(text):
        value = read_amount(match.group(), decimal_mark)
        if value is not None and len(match["digits"]) < 20:
            found.append(Match(value, match.start(), match.end(), 1.0 if has_cents(match.group()) else 0.5))
    return tuple(found)


def has_cents(text: str) -> bool:
    """Whether the number is written as money is: two decimals at its end."""
    return bool(re.search(r"[.,]\s?\d{2}(?!\d)\D*$", text))


def find_rates(text: str) -> list[Match]:
    """Every percentage in `text`, 19 for "19 %"."""
    return [
        Match(read_amount(match[1], match[1][-3:-2]) or Decimal(0), *match.span()) for match in _RATE.finditer(text)
    ]


def decimal_mark_of(texts: Iterable[str]) -> str | None:
    """The decimal mark of a document, by how its numbers end; None where they do not tell."""
    ends = [mark for text in texts for mark in re.findall(r"\d([.,])\d{2}(?![\d.,])", text)]
    commas = ends.count(",")
    return None if not ends or commas * 2 == len(ends) else "," if commas * 2 > len(ends) else "."


def is_currency(text: str) -> bool:
    """Whether `text` is the code or sign of a currency and nothing else."""
    return text in CODES or text in _SIGNS or text == "$"


def find_currencies(text: str) -> list[Match]:
    """Every currency named in `text` as an ISO 4217 code. A bare $ is taken as USD, with less trust."""
    found = []
    for match in _CURRENCY.finditer(text):
        if match["code"] in CODES:
            found.append(Match(match["code"], *match.span()))
        elif match["mark"]:
            code = _SIGNS.get(match["mark"], "USD")
            found.append(Match(code, *match.span(), 0.6 if match["mark"] == "$" else 0.95))
        elif match["sign"]:
            found.append(Match(_SIGNS.get(match["sign"], "EUR"), *match.span(), 0.9))
    return found
