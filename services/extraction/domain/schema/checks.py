"""Checks of what was read by a schema: what is required is there and sure; what is built in adds up as ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.extraction.domain import checks
from services.extraction.domain.checks import CONFIDENT
from shared.contracts.extraction import Check
from shared.contracts.fields import WantedField

Leaf = Mapping[str, Any]
# Those of the built-in fields that say which of them there must be.
_OF_BUILT_IN = ("required_fields", "confident_fields")


def run_checks(
    fields: Sequence[WantedField],
    found: Mapping[str, Leaf],
    rows: Mapping[str, Sequence[Any]],
    details: Mapping[str, Any],
) -> tuple[Check, ...]:
    """Every check that applies. `found` are the leaves of single values, `rows` those of tables, by name."""
    return tuple(_checks(fields, found, rows, details))


def _checks(
    fields: Sequence[WantedField],
    found: Mapping[str, Leaf],
    rows: Mapping[str, Sequence[Any]],
    details: Mapping[str, Any],
) -> Iterator[Check]:
    required = [field for field in fields if field.required]
    missing = [field for field in required if field.name not in found and not rows.get(field.name)]
    yield _told("required_fields", missing, "Not found on the document", "All required fields were found.")
    if not required:
        some = bool(found) or any(rows.values())
        message = "Some of the wanted fields were found." if some else "None of the wanted fields was found."
        yield Check("any_field", some, True, message)
    # Where nothing is required, a person is to see all that is doubtful.
    watched = [field for field in required or fields if field.name in found]
    unsure = [field for field in watched if found[field.name]["confidence"] < CONFIDENT]
    yield _told(
        "confident_fields", unsure, "Read with doubt, please compare with the page", "What counts is read surely."
    )
    yield from (check for check in checks.run_checks(details) if check.code not in _OF_BUILT_IN)


def _told(code: str, objections: Sequence[WantedField], bad: str, good: str) -> Check:
    names = tuple(field.name for field in objections)
    labels = ", ".join(field.label for field in objections)
    return Check(code, not objections, True, f"{bad}: {labels}." if objections else good, names)
