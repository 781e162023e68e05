"""The proof of the audit log: every service's chains are walked and compared with the anchors that auth has of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from paperlane.client import ApiRefusal, Client

SERVICES = ("auth", "files", "documents", "gateway")
ANCHORS = "anchors"
# So many hashes are asked for at once; the service gives no more.
ASKED = 200
# How long a head may be on its way to auth.
ON_ITS_WAY = timedelta(minutes=5)
LONGEST_WAIT_SECONDS = 120

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that nobody who keeps the rules did. `sequence` is the entry of the chain, `text` a sentence."""

    service: str
    chain: str
    sequence: int
    kind: str
    text: str


@dataclass(slots=True)
class Chain:
    """One start of a process. `killed`: another process said that it ended without closing. An open chain is one whose
    process runs, or was killed on a host that is gone: what it lost then is unknown.
    """

    service: str
    chain: str
    entries: int = 0
    first_time: str | None = None
    last_time: str | None = None
    last_sequence: int = 0
    head: str = ""
    lost: int = 0
    anchors: int = 0
    state: Literal["open", "closed", "killed"] = "open"
    reported: Json | None = None


@dataclass(slots=True)
class Report:
    """What was found. `anchor_head` is the hash of the last anchor: kept elsewhere, it would show if anchors were cut
    off the end of their chain.
    """

    chains: list[Chain] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    uncounted_faults: int = 0
    anchors: int = 0
    anchor_head: str = ""

    @property
    def lost(self) -> int:
        return sum(chain.lost for chain in self.chains)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(client: Client) -> Report:
    """Everything, checked. Anchors are read first, so that what is added meanwhile looks like no fault."""
    report = Report()
    anchored: defaultdict[str, defaultdict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    began = datetime.now(UTC)
    for anchor in _anchors(client, report):
        anchored[anchor["service"]][anchor["chain"]].append(anchor)
    for service in dict.fromkeys((*SERVICES, *anchored)):
        chains = _walk(client, service, report)
        for name, anchors in anchored[service].items():
            _compare(client, chains, service, name, anchors, report)
        for chain in chains.values():
            known = {(anchor["at"], anchor["head"]) for anchor in anchored[service][chain.chain]}
            _look_for_the_anchor_of(chain, known, began, report)
        report.chains += chains.values()
    return report


def _anchors(client: Client, report: Report) -> Iterator[Json]:
    after: int | None = 0
    while after is not None:
        page = _get(client, f"/v2/audit/{ANCHORS}", after=after)
        report.faults += [_fault(ANCHORS, ANCHORS, fault) for fault in page["faults"]]
        report.anchors += len(page["data"])
        report.anchor_head, after = page["head"], page["next"]
        yield from page["data"]


def _walk(client: Client, service: str, report: Report) -> dict[str, Chain]:
    """The chains of the service by name, in their order; faults inside them go to the report."""
    chains: dict[str, Chain] = {}
    ended: dict[str, int] = {}
    place: Mapping[str, Any] | None = {}
    while place is not None:
        page = _get(client, f"/v2/audit/{service}/verification", **place)
        for part in page["chains"]:
            _add(chains.setdefault(part["chain"], Chain(service, part["chain"])), part)
            ended |= {end["chain"]: end["lost"] for end in part["ended"]}
            report.faults += [_fault(service, part["chain"], fault) for fault in part["faults"]]
            report.uncounted_faults += part["faultCount"] - len(part["faults"])
        place = page["next"]
    for name, lost in ended.items():
        chain = chains.setdefault(name, Chain(service, name))
        chain.lost, chain.state = chain.lost + lost, "killed"
    return chains


def _add(chain: Chain, part: Json) -> None:
    chain.entries += part["entries"]
    chain.first_time = chain.first_time or part["firstTime"]
    chain.last_time, chain.last_sequence, chain.head = part["lastTime"], part["lastSequence"], part["head"]
    chain.lost += part["lost"]
    chain.reported = part["reported"]
    if part["closed"]:
        chain.state = "closed"


def _compare(
    client: Client, chains: dict[str, Chain], service: str, name: str, anchors: list[Json], report: Report
) -> None:
    """The chain must hold what each of its anchors says."""
    last = max(anchors, key=lambda anchor: int(anchor["at"]))
    chain = chains.setdefault(name, Chain(service, name))
    chain.anchors = len(anchors)
    if not chain.entries:
        text = f"The whole chain was removed: at {last['time']} it had {last['at']} entries."
        report.faults.append(Fault(service, name, last["at"], "removed", text))
        return
    if last["at"] > chain.last_sequence:
        text = f"Its end was cut off: at {last['time']} it had {last['at']} entries, now it ends at this one."
        report.faults.append(Fault(service, name, chain.last_sequence, "truncated", text))
    hashes = {chain.last_sequence: chain.head}
    asked = sorted({anchor["at"] for anchor in anchors if anchor["at"] < chain.last_sequence})
    for begin in range(0, len(asked), ASKED):
        found = _get(client, f"/v2/audit/{service}/hashes", chain=name, at=asked[begin : begin + ASKED])
        hashes |= {entry["sequence"]: entry["hash"] for entry in found["data"]}
    for anchor in anchors:
        if hashes.get(anchor["at"], anchor["head"]) != anchor["head"]:
            text = f"The chain was rewritten: it is not the one that was anchored at {anchor['time']}."
            report.faults.append(Fault(service, name, anchor["at"], "rewritten", text))


def _look_for_the_anchor_of(chain: Chain, known: set[tuple[int, str]], began: datetime, report: Report) -> None:
    told = chain.reported
    if not told or (told["sequence"], told["hash"]) in known:
        return
    if datetime.fromisoformat(told["time"]) < began - ON_ITS_WAY:
        text = (
            f"Auth was told of it at {told['time']} and has no such anchor: it was removed, or auth's worker is down."
        )
        report.faults.append(Fault(chain.service, chain.chain, told["sequence"], "anchor-missing", text))


def _fault(service: str, chain: str, fault: Json) -> Fault:
    return Fault(service, chain, fault["sequence"], fault["kind"], fault["text"])


def _get(client: Client, path: str, **query: Any) -> Json:
    """The answer, awaited where the rate limit asks for it."""
    while True:
        try:
            return dict(client.request("GET", path, params=query).json())
        except ApiRefusal as refusal:
            if refusal.status != 429 or refusal.retry_after is None or refusal.retry_after > LONGEST_WAIT_SECONDS:
                raise
            time.sleep(max(1, refusal.retry_after))
