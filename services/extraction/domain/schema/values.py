"""Single values of a schema: what stands beside the label of a data point, or looks like nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.extraction.domain.fields import candidates, labels
from services.extraction.domain.fields.candidates import Candidate, Finder
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.labels import Label, Lexicon
from services.extraction.domain.layout import Cell, Sheet
from services.extraction.domain.schema.finders import Habits, finder_of, pattern_of, shaped
from services.extraction.domain.schema.names import lexicon_of
from shared.contracts.fields import WantedField

# Without a label: the only text of its pattern, or of the shape of its examples, in the whole document.
BY_PATTERN, BY_SHAPE = 0.8, 0.55
# What is shorter looks like the pattern by chance.
_TELLING = 5
# What is about as sure speaks against a finding; of two that disagree, neither is.
_RIVAL, _LONE = 0.12, 0.2
# Behind a label that stands alone, there may be a unit.
_UNIT = 4
# Below a heading stands a column, whose first amount it need not mean.
_IN_COLUMN, _COLUMNS = 0.65, 3
# Without a colon behind its label, text may be the rest of a sentence.
_LOOSE = 0.75
_MOST_LOOSE = 40
_TEXTS = ("string", "enum", "boolean")


def find_values(sheets: Sequence[Sheet], fields: Sequence[WantedField], habits: Habits) -> dict[str, Finding]:
    """The surest finding of each field that was found, by its name."""
    finders = {field.name: finder_of(field, habits) for field in fields}
    lexicon = lexicon_of(fields)
    kinds = {field.name: field for field in fields}
    labelled = [candidate for sheet in sheets for candidate in _on_sheet(sheet, lexicon, finders, kinds)]
    found = {}
    for field in fields:
        own = [candidate for candidate in labelled if candidate.field == field.name]
        finding = _agreed(own) or _unlabelled(sheets, field)
        if finding:
            found[field.name] = finding
    return found


def _on_sheet(
    sheet: Sheet, lexicon: Lexicon, finders: dict[str, Finder], fields: dict[str, WantedField]
) -> Iterator[Candidate]:
    own = {cell: found for cell in sheet.cells if (found := lexicon.find(cell))}
    marks = {cell: _together(own.get(cell, []), labels.fields().find(cell)) for cell in sheet.cells}
    for found in own.values():
        for label in found:
            if not label.leads and (label.weight < candidates.SURE or _goes_before(label)):
                continue
            finding = candidates.value_of(label, sheet, finders[label.field], marks)
            finding = finding and _weighed(finding, label, fields[label.field], sheet)
            if finding:
                yield Candidate(label.field, finding, label)


def _agreed(found: Sequence[Candidate]) -> Finding | None:
    """The surest finding, of equals that of the longest label: as sure as others of such labels say the same."""
    if not found:
        return None
    best = max(found, key=lambda candidate: (candidate.finding.score, _length(candidate.label)))
    least, length = best.finding.score - _RIVAL, _length(best.label)
    rivals = [other.finding for other in found if other.finding.score > least and _length(other.label) >= length]
    share = sum(rival.value == best.finding.value for rival in rivals) / len(rivals)
    return best.finding.scored(best.finding.score * (_LONE + (1 - _LONE) * share))


def _length(label: Label) -> int:
    return label.end - label.start


def _goes_before(label: Label) -> bool:
    """Whether the word before it makes another label of it, as in "Net total"."""
    before = label.cell.text[: label.start].rstrip()
    return before[-1:].isalpha() and ":" not in before


def _together(own: Sequence[Label], known: Sequence[Label]) -> list[Label]:
    """The labels of the schema, and those built-in ones that do not stand in the same place."""
    free = [label for label in known if all(label.end <= other.start or label.start >= other.end for other in own)]
    return sorted([*own, *free], key=lambda label: label.start)


def _weighed(finding: Finding, label: Label, field: WantedField, sheet: Sheet) -> Finding | None:
    """The finding as sure as its place makes it; None for the rest of a sentence, or of a longer label."""
    rest = label.cell.text[label.end :].lstrip()
    if finding.rule != "labelledInLine":
        if len(labels.fold(rest)) > _UNIT:
            return None
        heads = len(sheet.rows[label.cell.row].cells) >= _COLUMNS and finding.rule == "labelledBelow"
        return finding.scored(finding.score * _IN_COLUMN) if heads and field.type == "amount" else finding
    if field.type not in _TEXTS or pattern_of(field) is not None or rest.startswith((":", "=")):
        return finding
    if ":" in rest or not label.leads or len(finding.text) > _MOST_LOOSE:
        return None
    return finding.scored(finding.score * _LOOSE)


def _unlabelled(sheets: Sequence[Sheet], field: WantedField) -> Finding | None:
    find = shaped(field)
    if find is None:
        return None
    cells: Iterator[Cell] = (cell for sheet in sheets for cell in sheet.cells)
    rule, score = ("pattern", BY_PATTERN) if pattern_of(field) is not None else ("shape", BY_SHAPE)
    found = [find_in(cell, match, score, rule) for cell in cells for match in find(cell.text)]
    if len({finding.value for finding in found}) != 1:
        return None
    return found[0] if len(labels.fold(found[0].value)) >= _TELLING else found[0].scored(BY_SHAPE)
