"""The verification of the audit log from outside: what it asks, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from paperlane import audit
from paperlane.client import ApiRefusal, Client

HASH, OTHER = "e" * 64, "f" * 64
CHAIN = "files-1"


def at(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def part(**changes: Any) -> dict[str, Any]:
    return {
        "chain": CHAIN,
        "entries": 9,
        "firstTime": at(-60),
        "lastTime": at(-10),
        "lastSequence": 9,
        "head": HASH,
        "lost": 0,
        "closed": False,
        "ended": [],
        "faults": [],
        "faultCount": 0,
        "reported": None,
        **changes,
    }


def anchor(**changes: Any) -> dict[str, Any]:
    return {"service": "files", "chain": CHAIN, "at": 9, "head": HASH, "time": at(-9), **changes}


class Api:
    """A `Client` of services that say this of the chains of files, and of their anchors."""

    def __init__(self, *parts: Mapping[str, Any], anchors: list[Any] | None = None, **hashes: str) -> None:
        self.parts, self.anchors, self.hashes = list(parts), anchors or [], hashes
        self.busy = 0
        self.asked: list[str] = []

    def request(self, _method: str, path: str, params: Mapping[str, Any]) -> Api:
        self.asked.append(path)
        if self.busy:
            self.busy -= 1
            raise ApiRefusal(429, "Too many requests", "Wait.", retry_after=1)
        if path.endswith("/anchors"):
            self.body: Any = {"data": self.anchors, "faults": [], "head": HASH, "next": None}
        elif path.endswith("/hashes"):
            found = [{"sequence": n, "hash": self.hashes[f"n{n}"]} for n in params["at"] if f"n{n}" in self.hashes]
            self.body = {"data": found}
        else:
            self.body = {"chains": self.parts if "/files/" in path else [], "next": None}
        return self

    def json(self) -> Any:
        return self.body


def verify(api: Api) -> audit.Report:
    return audit.verify(cast(Client, api))


def kinds(api: Api) -> list[str]:
    return [fault.kind for fault in verify(api).faults]


def test_a_chain_that_holds_what_was_anchored_is_sound() -> None:
    api = Api(part(), anchors=[anchor(at=3, head=OTHER), anchor()], n3=OTHER)
    report = verify(api)
    assert report.sound
    assert [(chain.anchors, chain.state) for chain in report.chains] == [(2, "open")]


@pytest.mark.parametrize(
    ("anchors", "found"),
    [
        ([anchor(at=12)], ["truncated"]),
        ([anchor(head=OTHER)], ["rewritten"]),
        ([anchor(at=3, head=OTHER)], ["rewritten"]),
        ([anchor(chain="files-0")], ["removed"]),
        ([anchor(service="elsewhere", chain="elsewhere-1")], ["removed"]),
    ],
)
def test_what_differs_from_its_anchor_is_a_fault(anchors: list[Any], found: list[str]) -> None:
    assert kinds(Api(part(), anchors=anchors, n3=HASH)) == found


@pytest.mark.parametrize(("minutes", "found"), [(-1, []), (-30, ["anchor-missing"])], ids=["on its way", "long ago"])
def test_a_head_that_auth_was_told_of_is_missed_after_a_while(minutes: float, found: list[str]) -> None:
    told = {"sequence": 7, "hash": OTHER, "time": at(minutes)}
    assert kinds(Api(part(reported=told))) == found
    assert kinds(Api(part(reported=told), anchors=[anchor(at=7, head=OTHER)], n7=OTHER)) == []


def test_a_killed_chain_is_told_with_what_it_lost_even_if_nothing_of_it_was_kept() -> None:
    ended = [{"chain": "files-0", "lost": 5}, {"chain": CHAIN, "lost": 2}]
    report = verify(Api(part(lost=1), part(chain="files-2", ended=ended)))
    assert {chain.chain: (chain.state, chain.lost) for chain in report.chains} == {
        CHAIN: ("killed", 3),
        "files-2": ("open", 0),
        "files-0": ("killed", 5),
    }
    assert (report.lost, report.sound) == (8, True)


def test_faults_of_the_services_are_passed_on_and_counted() -> None:
    fault = {"sequence": 4, "kind": "edited", "text": "It was edited."}
    report = verify(Api(part(faults=[fault], faultCount=150)))
    assert [(found.kind, found.sequence, found.service) for found in report.faults] == [("edited", 4, "files")]
    assert report.uncounted_faults == 149


def test_the_rate_limit_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("paperlane.audit.time.sleep", waited.append)
    api = Api(part())
    api.busy = 2
    assert verify(api).sound
    assert waited == [1, 1]
