"""Runs schemathesis against a stack as a client of one company, with the ids and marks of another at hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.support.fuzz.parties import Party

ROOT = Path(__file__).parents[3]
COMMAND = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# Of the values drawn for an id, how many name something.
SHARE = 0.8
# Where ids stand beside the path, by the name that they have there.
_ELSEWHERE = {
    "body.fileId": "file_id",
    "query.fileId": "file_id",
    "body.projectId": "project_id",
    "query.projectId": "project_id",
    "body.fileIds[*]": "file_id",
    "body.toProjectId": "project_id",
}
# Any id at all.
ANY = "*"
# Ids of documents that are not there any more.
_ERASED = "path.erased_id"


@dataclass(frozen=True, slots=True)
class Setup:
    """Who calls, and what he shall not break or see. `ids` by the name of a parameter or, as `body.fileId`, of a
    member. By the name of a parameter too: `callers`, which no call may change, `needed`, which none may delete, and
    `spares`, which such calls get in their place.
    """

    base_url: str
    client_id: str
    client_secret: str
    ids: Mapping[str, Sequence[str]]
    callers: Mapping[str, Sequence[str]]
    needed: Mapping[str, Sequence[str]]
    spares: Mapping[str, str]
    foreign_marks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Walk:
    """How it ended. `statuses`: by operation, how often each was answered."""

    failed: bool
    report: str
    statuses: Mapping[str, Counter[str]]

    @property
    def reached(self) -> set[str]:
        """The operations that did something, once at least."""
        return {name for name, counted in self.statuses.items() if any(status < "300" for status in counted)}


def setup(party: Party, foreign: Party) -> Setup:
    """Of the ids, three of four are the party's own."""
    ids = {name: [*list(own) * (-(-3 // len(own))), foreign.ids[name][0]] for name, own in party.ids.items()}
    spared = ("client_id", "file_id", "document_id")
    return Setup(
        base_url=party.actor.base_url,
        client_id=party.actor.credentials.id,
        client_secret=party.actor.credentials.secret,
        ids={f"path.{name}": values for name, values in ids.items()}
        | {place: ids[name] for place, name in _ELSEWHERE.items()}
        | {"body.fromProjectId": party.ids["project_id"][:1]},
        callers={"client_id": [party.actor.credentials.id], "company_id": [party.company_id]},
        needed={name: party.ids[name][:-1] for name in spared},
        spares={name: party.ids[name][-1] for name in spared} | {"company_id": foreign.company_id},
        foreign_marks=[foreign.mark],
    )


def walk(setup: Setup, folder: Path, *options: str) -> Walk:
    """The whole walk; `options` as the command `schemathesis run` takes them."""
    said, counted, configuration = (folder / name for name in ("setup.json", "counted.json", "schemathesis.toml"))
    said.write_text(json.dumps(asdict(setup)))
    configuration.write_text(CONFIGURATION.read_text() + _dictionaries(setup.ids))
    done = subprocess.run(
        [COMMAND, "--config-file", configuration, "run", f"{setup.base_url}/v2/openapi.json", "--no-color", *options],
        cwd=ROOT,
        env={**os.environ, "PAPERLANE_FUZZ": str(said), "PAPERLANE_FUZZED": str(counted), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    statuses = json.loads(counted.read_text()) if counted.exists() else {}
    return Walk(done.returncode != 0, done.stdout, {name: Counter(each) for name, each in statuses.items()})


def _dictionaries(ids: Mapping[str, Sequence[str]]) -> str:
    drawn = {name: f'{{ dictionary = "{_slug(name)}", probability = {SHARE} }}' for name in ids}
    lines = ["", "[parameters]", *(f'"{name}" = {words}' for name, words in drawn.items())]
    for name, values in ids.items():
        lines += [f"[dictionaries.{_slug(name)}]", f"values = {json.dumps(list(values))}"]
    if _ERASED in drawn:
        lines += ["[[operations]]", 'include-path = "/v2/documents/{document_id}/erasure"']
        lines += [f'parameters = {{ "path.document_id" = {drawn[_ERASED]} }}']
    return "\n".join(lines) + "\n"


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)
