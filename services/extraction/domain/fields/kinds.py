"""The type of a document: what the model takes it for, by its titles and by what else it states."""

from __future__ import annotations

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.ranking.documents import GROUP, features, titles
from services.extraction.domain.fields.ranking.model import SCORERS
from services.extraction.domain.fields.survey import Survey

# The rule of a type that no title names.
BY_CONTENT = "typeByContent"
# How sure it is that a page without a title, labels, amounts and items is no document of trade.
NOTHING = 0.8


def find_type(survey: Survey) -> Finding | None:
    """The likeliest of `ranking.documents.KINDS`, with the words of its title if it has one; None without words."""
    if not survey.sheets:
        return None
    found = titles(survey.sheets[0])
    if not (found or survey.evidence or survey.found or survey.items):
        return Finding("other", (), survey.sheets[0].page, NOTHING, BY_CONTENT)
    scorer = SCORERS[GROUP]
    chances = scorer.probabilities([features(survey)])[0]
    best = int(chances.argmax())
    kind, score = scorer.fields[best], float(chances[best])
    named = [title for title in found if title.kind == kind]
    if named:
        return max(named, key=lambda title: title.weight).finding.scored(score)
    return Finding(kind, (), survey.sheets[0].page, score, BY_CONTENT)
