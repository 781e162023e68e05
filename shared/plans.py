"""What a client may ask of us in a minute: plans, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW_SECONDS = 60
DEFAULT = "default"
# Of whoever shows no valid token, counted by address.
ANONYMOUS = "anonymous"
# As the setting is written: name=requests/tokens per minute, separated by spaces.
STANDARD = f"{DEFAULT}=600/600 {ANONYMOUS}=600/600 local=100000/10000"

_PLAN = re.compile(r"([a-z][a-z0-9-]{0,39})=([1-9][0-9]{0,8})/([1-9][0-9]{0,8})\Z")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many requests a client may send in a minute, and how many of those that get tokens; counted apart."""

    name: str
    requests: int
    tokens: int


def read_plans(text: str) -> Mapping[str, Plan]:
    """The plans that `text` names, as in `STANDARD`; ValueError when it is malformed or leaves out one that must be."""
    plans = {}
    for part in text.split():
        found = _PLAN.match(part)
        if not found:
            raise ValueError(f"{part} is no plan: write name=requests/tokens, e.g. default=600/600")
        plans[found[1]] = Plan(found[1], int(found[2]), int(found[3]))
    missing = {DEFAULT, ANONYMOUS} - plans.keys()
    if missing:
        raise ValueError(f"the plan {' and '.join(sorted(missing))} is missing")
    return plans
