"""The type of a document: what the model takes it for, by its titles and by what else it states."""

from __future__ import annotations

from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.ranking.documents import GROUP, features, speaks_of_tills, titles
from services.extraction.domain.fields.ranking.model import SCORERS
from services.extraction.domain.fields.survey import Survey
from services.extraction.domain.layout import is_roll

# The rule of a type that no title names.
BY_CONTENT = "typeByContent"
# How sure it is that a page without a title, labels, amounts and items is no document of trade.
NOTHING = 0.8
# A title of this weight stands at the top or alone: the type is what it says, unless the paper is a till's.
PLAIN = 1.0


def find_type(survey: Survey) -> Finding | None:
    """The likeliest of `ranking.documents.KINDS`, with the words of its title if it has one; None without words."""
    if not survey.sheets:
        return None
    found = titles(survey.sheets[0])
    if not (found or survey.evidence or survey.found or survey.items):
        return Finding("other", (), survey.sheets[0].page, NOTHING, BY_CONTENT)
    scorer = SCORERS[GROUP]
    chances = dict(zip(scorer.fields, scorer.probabilities([features(survey, found)])[0].tolist(), strict=True))
    kind = max(chances, key=lambda each: chances[each])
    titled = {title.kind for title in found if title.weight > PLAIN}
    if (
        kind == "receipt"
        and len(titled) == 1
        and not is_roll(survey.sheets[0])
        and not speaks_of_tills(survey.sheets[0])
    ):
        (kind,) = titled
    score = chances[kind]
    named = [title for title in found if title.kind == kind]
    if named:
        return max(named, key=lambda title: title.weight).finding.scored(score)
    return Finding(kind, (), survey.sheets[0].page, score, BY_CONTENT)
