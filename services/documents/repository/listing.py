"""Lists of documents as queries: each reads ranges of one index, in the order of the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from services.documents.domain.listing import Selection
from services.documents.models import DocumentRecord
from services.documents.repository.names import ANY, names_sought

# So many ranges of an index MongoDB merges; of more it would sort all that is there (internalQueryMaxScansToExplode).
MAX_RANGES = 200


def listings(company_id: str, selection: Selection, key: str) -> Iterator[Any]:
    """Querysets that together find what is selected, no document twice, each fast in the order of `key`. They name
    their index, since MongoDB would choose by the values that it happened to see first.
    """
    names, projects, few = names_sought(selection), list(dict.fromkeys(selection.project_ids)), _few(selection)
    if not names:
        return
    found = DocumentRecord.objects(company_id=company_id, **few, **_updated(selection))
    if few:
        found = found.filter(names__in=names) if names != [ANY] else found
        found = found.filter(project_id__in=projects) if projects else found
        yield found.hint(_index("number") if "number" in few else _index(*list(few)[:1], key, "id"))
    elif not projects:
        yield found.filter(names__in=names).hint(_index("names", key, "id"))
    else:
        at_once = MAX_RANGES // len(names)
        for some in (projects[n : n + at_once] for n in range(0, len(projects), at_once)):
            yield found.filter(project_id__in=some, names__in=names).hint(_index("project_id", "names", key, "id"))


def _few(selection: Selection) -> dict[str, Any]:
    """The conditions that leave few documents each, the fewest first."""
    conditions = {"number": selection.number, "external_id": selection.external_id, "file_ids": selection.file_id}
    return {name: value for name, value in conditions.items() if value is not None}


def _updated(selection: Selection) -> dict[str, Any]:
    limits = {"updated_at__gte": selection.updated_after, "updated_at__lt": selection.updated_before}
    return {name: value for name, value in limits.items() if value is not None}


def _index(*names: str) -> Sequence[tuple[str, int]]:
    return [(DocumentRecord._fields[name].db_field, 1) for name in ("company_id", *names)]
