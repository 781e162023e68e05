"""A document with its history and the steps it may take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from services.documents.domain.states import COMPLETED, EXPLAINED, State, documented, following
from services.documents.errors import StateConflict
from shared.contracts.envelope import ClaimCheck
from shared.contracts.extraction import Check
from shared.contracts.pages import KeptPages

MAX_TRANSFERS = 100
"""More reports than any ERP retries; without an end the history would outgrow its record."""

MAX_ATTEMPTS = 100
"""To process one document, for the same reason."""

MAX_FINDINGS_BYTES = 8 * 1024 * 1024
"""As they are stored. MongoDB keeps 16 MB in a record; the rest is for history, external data and outgoing messages."""

_TRANSFER_STATES = frozenset({State.TRANSFERRED, State.TRANSFER_FAILED})

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Order:
    """What a client wants processed, and how it calls it."""

    file_id: str
    project_id: str
    external_id: str | None = None
    external_data: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of a document; `type` is what the document turned out to be, None until it was read."""

    id: str
    type: str | None
    main_file: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A state to go to, the stable code of the reason, and the sentences that explain it."""

    state: State
    reason: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history. `attempt` counts processings; in the two transfer states, the reported transfers."""

    state: State
    at: datetime
    by: str
    reason: str
    attempt: int
    message: str | None = None

    @property
    def successful(self) -> bool:
        """Of a reported transfer."""
        return self.state is State.TRANSFERRED


def documented_state(history: Iterable[Step]) -> State:
    """The state at the end of such a history, as the published contract calls it."""
    *_, state = documented(step.state for step in history)
    return state


@dataclass(frozen=True, slots=True)
class Note:
    """What a client writes onto a document; None leaves a member as it is, an empty mapping clears."""

    title: str | None = None
    external_id: str | None = None
    external_data: Mapping[str, Scalar] | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read from the files. `entities` holds plain values, `details` the same tree with its evidence; `pages`
    says where the pages are kept, None for documents that were read before pages were.
    """

    document_type: str
    entities: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    pages: KeptPages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document. Its state is the last entry of its history; `version` counts the steps it took.

    Of `file_ids` the first is the main file, with this `sha256` (hex). `first_in` is the project to which the document
    was the first to come with these bytes, None for a duplicate; `duplicate_of` that first one, if the project minds.
    `parent_document_id` is the document in whose file this one was found, `mail` the e-mail that this one was or came
    in, as a PDF: of one that was found in another, that of the other is asked.
    """

    id: str
    company_id: str
    number: int
    project_id: str
    case_id: str
    file_ids: tuple[str, ...]
    sha256: str
    title: str
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    history: tuple[Step, ...]
    version: int = 1
    external_id: str | None = None
    external_data: Mapping[str, Scalar] = field(default_factory=dict)
    findings: Findings | None = None
    first_in: str | None = None
    duplicate_of: str | None = None
    parent_document_id: str | None = None
    mail: ClaimCheck | None = None

    @property
    def state(self) -> State:
        return self.history[-1].state

    @property
    def file_id(self) -> str:
        return self.file_ids[0]

    @property
    def files(self) -> tuple[AttachedFile, ...]:
        kind = self.findings.document_type if self.findings else None
        main, *others = self.file_ids
        attached = (AttachedFile(other, None, main_file=False) for other in others)
        return (AttachedFile(main, kind, main_file=True), *attached)

    @property
    def transfers(self) -> tuple[Step, ...]:
        """The transfers that were reported."""
        return tuple(step for step in self.history if step.state in _TRANSFER_STATES)

    @property
    def attempt(self) -> int:
        """Which processing the document is in, counted from 1."""
        return next(step.attempt for step in reversed(self.history) if step.state not in _TRANSFER_STATES)

    @property
    def documented_state(self) -> State:
        return documented_state(self.history)

    @property
    def completion(self) -> Step | None:
        """The step that completed the document, the last one if it was reopened."""
        return next((step for step in reversed(self.history) if step.state in COMPLETED), None)

    @property
    def explanation(self) -> Step | None:
        """The step that says why, for the states that owe a reason."""
        return self.history[-1] if self.state in EXPLAINED else None

    def documented(self) -> Document:
        """As the published contract tells it: in its ten states, one step for several in a row of the same state."""
        states = documented(step.state for step in self.history)
        steps = [replace(step, state=state) for step, state in zip(self.history, states, strict=True)]
        told = tuple(next(same) for _, same in groupby(steps, key=lambda step: step.state))
        return replace(self, history=told)

    def step(self, move: Move, by: str, now: datetime) -> Step:
        """The next entry of the history; StateConflict when the table does not allow it. Time never runs backwards."""
        if move.state not in self._following():
            raise StateConflict(f"The document is {self.state} and cannot become {move.state}. {self._outlook()}")
        at = max(now, self.history[-1].at)
        return Step(move.state, at, by, move.reason, self._attempt_at(move.state), move.message)

    def after(
        self,
        steps: Sequence[Step],
        findings: Findings | None = None,
        project_id: str | None = None,
        mail: ClaimCheck | None = None,
    ) -> Document:
        """The document once it took these steps, with findings, project and e-mail changed where they are given."""
        return replace(
            self,
            history=(*self.history, *steps),
            version=self.version + len(steps),
            updated_at=steps[-1].at,
            updated_by=steps[-1].by,
            findings=findings or self.findings,
            project_id=project_id or self.project_id,
            mail=mail or self.mail,
        )

    def overtaken(self) -> StateConflict:
        """What the loser of a race is told."""
        return StateConflict(f"Another change was faster; the document is {self.state} now. {self._outlook()}")

    def _following(self) -> frozenset[State]:
        return following(self.state, self.history[-2].state if len(self.history) > 1 else None)

    def _outlook(self) -> str:
        possible = sorted(self._following())
        return f"From here it can become: {', '.join(possible)}." if possible else "This state is final."

    def _attempt_at(self, state: State) -> int:
        if state not in _TRANSFER_STATES:
            again = state is State.PROCESSING and self.state is not State.NEW
            if again and self.attempt == MAX_ATTEMPTS:
                raise StateConflict(f"The document was processed {MAX_ATTEMPTS} times. Upload its file again instead.")
            return self.attempt + 1 if again else self.attempt
        reported = sum(step.state in _TRANSFER_STATES for step in self.history)
        if reported == MAX_TRANSFERS:
            raise StateConflict(f"{MAX_TRANSFERS} transfers of this document were reported. Reject it instead.")
        return reported + 1
