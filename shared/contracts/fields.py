"""What extraction shall read where a project has a schema of its own: it lies in object storage, by its hash."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WantedField:
    """One value to read, or a table. `name` is its path in the entities; the fields whose names begin with that of a
    table and a dot are its columns. `type` is string, date, number, amount, currency, boolean, enum or table; a field
    of any other type is read as text. `required`: without it a person looks at the document.
    """

    name: str
    type: str
    label: str
    synonyms: tuple[str, ...] = ()
    description: str = ""
    pattern: str = ""
    examples: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class WantedFields:
    """All that is to be read, in the order of the schema."""

    fields: tuple[WantedField, ...]


def fields_key(company_id: str, sha256: str) -> str:
    """The object key of `WantedFields` whose JSON has this hash, in the files bucket."""
    return f"schemas/{company_id}/{sha256}.json"
