"""Values of each type in a line of text, as a data point wants them: of its pattern, or shaped as its examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from rapidfuzz import fuzz

from services.extraction.domain.fields.candidates import Finder
from services.extraction.domain.fields.labels import fold
from services.extraction.domain.parsers import Match, amounts, codes, dates
from services.extraction.domain.schema.names import words_of
from shared.contracts.fields import WantedField
from shared.patterns import Unsafe, compiled

_YES = frozenset(("yes", "ja", "oui", "si", "true", "wahr", "vrai", "x", "☒", "☑", "✓", "✔", "✗"))
_NO = frozenset(("no", "nein", "non", "nee", "false", "falsch", "faux", "☐", "□"))
_CODES = frozenset(("number", "no", "nr", "id", "code", "nummer", "reference", "ref"))
_MOST_TEXT = 200
_WORD = re.compile(r"\S+")
# Of text that nothing but its label vouches for, and of text unlike all examples.
FREE, UNLIKE = 0.8, 0.2
_ALIKE = 88.0


@dataclass(frozen=True, slots=True)
class Habits:
    """How this document writes: its decimal mark, None where it does not tell, and whether months come first."""

    decimal_mark: str | None
    month_first: bool


def finder_of(field: WantedField, habits: Habits) -> Finder:
    """What finds the values of the field in a line, the first one first."""
    find, pattern = _of_type(field, habits), pattern_of(field)
    if find is None:
        return partial(_find_pattern, pattern) if pattern is not None else _of_text(field)
    return partial(_only, find, pattern) if pattern is not None else find


def shaped(field: WantedField) -> Finder | None:
    """What finds text that nothing else looks like: of the field's pattern, or of the shape of its examples."""
    pattern = pattern_of(field)
    if pattern is not None:
        return partial(_find_pattern, pattern)
    shapes = _shapes(field.examples) if field.type in ("string", "number") else frozenset()
    return partial(_find_shaped, shapes, max(map(_words, field.examples))) if shapes else None


def pattern_of(field: WantedField) -> Any:
    """The compiled pattern; None without one, or with one of before that RE2 does not take."""
    try:
        return compiled(field.pattern) if field.pattern else None
    except Unsafe:
        return None


def shape_of(text: str) -> str:
    """`R-2026/17b` as A-9/9a: what its signs are, and where they change."""
    kinds = ("9" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.isalpha() else sign for sign in text)
    return "".join(kind for kind, _ in groupby(kinds))


def _of_type(field: WantedField, habits: Habits) -> Finder | None:
    """None for text."""
    typed: dict[str, Finder] = {
        "date": partial(dates.find_dates, month_first=habits.month_first),
        "amount": partial(amounts.find_amounts, decimal_mark=habits.decimal_mark),
        "number": partial(_find_quantities, habits.decimal_mark),
        "currency": amounts.find_currencies,
        "boolean": _find_answer,
        "enum": partial(_find_choice, field.examples),
    }
    return typed.get(field.type)


def _of_text(field: WantedField) -> Finder:
    is_code = bool(_CODES & set(words_of(field.name).split()))
    return partial(_find_text, _shapes(field.examples), max(map(_words, field.examples), default=0), is_code)


def _find_quantities(decimal_mark: str | None, text: str) -> list[Match]:
    found = [*amounts.find_amounts(text, decimal_mark), *amounts.find_rates(text)]
    return sorted(found, key=lambda match: match.start)


def _find_answer(text: str) -> list[Match]:
    for word in _WORD.finditer(text):
        said = fold(word.group()) or word.group()
        if said in _YES or said in _NO:
            return [Match(said in _YES, word.start(), word.end(), 0.9)]
    return []


def _find_choice(choices: Sequence[str], text: str) -> list[Match]:
    """The choice that stands there, as it is spelled in the schema; the longest of several."""
    stands = fold(text)
    alike = [(fuzz.partial_ratio(fold(choice), stands), len(choice), choice) for choice in choices if fold(choice)]
    fitting = [each for each in alike if each[0] >= _ALIKE and each[1] <= len(text) + 2]
    if not fitting:
        return []
    score, _, choice = max(fitting)
    start = len(text) - len(text.lstrip(" :.-"))
    return [Match(choice, start, len(text.rstrip()), score / 100)]


def _find_text(shapes: frozenset[str], words: int, is_code: bool, text: str) -> list[Match]:
    """Text of the examples' shape if there are any, a number for a code, else all that stands there."""
    like = _find_shaped(shapes, words, text) if shapes else []
    if like:
        return like
    code = codes.find_numbers(text) if is_code and not shapes else []
    if code:
        return code
    value = text.strip(" :.-\u2013#=")
    if not any(map(str.isalnum, value)):
        return []
    start = text.index(value)
    value = value[:_MOST_TEXT].rstrip()
    return [Match(value, start, start + len(value), UNLIKE if shapes else FREE)]


def _find_pattern(pattern: Any, text: str) -> list[Match]:
    return [Match(found.group(), *found.span()) for found in pattern.finditer(text) if found.group()]


def _only(find: Finder, pattern: Any, text: str) -> list[Match]:
    return [replace(match, trust=1.0) for match in find(text) if pattern.search(text[match.start : match.end])]


def _find_shaped(shapes: frozenset[str], words: int, text: str) -> list[Match]:
    """Runs of at most so many words whose shape is that of an example."""
    tokens = list(_WORD.finditer(text))
    found: list[Match] = []
    for first, token in enumerate(tokens):
        for last in tokens[first : first + words][::-1]:
            run = text[token.start() : last.end()].strip(",;:.()")
            if shape_of(run) in shapes and (not found or token.start() >= found[-1].end):
                start = text.index(run, token.start())
                found.append(Match(run, start, start + len(run), 0.95))
                break
    return found


def _shapes(examples: Sequence[str]) -> frozenset[str]:
    """Of examples that look like something: words alone look like all words."""
    return frozenset(shape for example in examples if "9" in (shape := shape_of(example.strip())))


def _words(text: str) -> int:
    return len(text.split())
