"""Documents of one company, 10,000 and 1,000,000: what a page of them and a single one cost, and with which indexes.

    python -m bench.scale [--small 10000] [--large 1000000] [--samples 500]

Two stacks of their own run side by side, each with as many documents, made in bulk; their counts are made by the
product's own command. Requests go one after the other, in turns to the one and the other, over HTTP to the service
documents itself, each for something else; deep offsets, which are known to cost what they skip, seldom. The goal is
that a million costs at most 1.5 times what ten thousand do, but for deep offsets.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from pymongo import MongoClient
from pymongo.database import Database

from bench import ROOT, report, running_stack
from bench.filling import PROJECTS, fill
from paperlane.client import Client
from services.documents.domain.documents import Document
from shared.clock import rfc3339
from shared.listing import Cursor
from shared.web.cursors import Ordered, write_cursor
from tests.support.profiling import profiled

KEPT = 1000
WARM_UP = 20
SELDOM = 25
DEEP = "deep offset"
STATES = ("transferred", "doneAutomatically", "reviewRequired", "failed", "rejected")


@dataclass(frozen=True, slots=True)
class Archive:
    """A stack with documents: how many, some of them, and what reads them."""

    count: int
    some: Sequence[Document]
    http: httpx.Client
    mongo: Database[dict[str, Any]]

    def get(self, path: str) -> float:
        """How many seconds the answer takes."""
        began = time.perf_counter()
        answer = self.http.get(path)
        taken = time.perf_counter() - began
        assert answer.status_code == 200, answer.text
        return taken


Ask = Callable[[Archive, random.Random], str]


def listed(**query: Any) -> str:
    return "/v2/documents?" + urlencode(query, doseq=True)


def cursor(archive: Archive, chance: random.Random) -> str:
    place = chance.choice(archive.some)
    after = Ordered("created_at", descending=True, place=Cursor(place.created_at, place.id))
    return listed(cursor=write_cursor(after))


def updated_since(archive: Archive, chance: random.Random) -> str:
    return listed(updatedAfter=rfc3339(chance.choice(archive.some).updated_at), sort="updatedAt")


KINDS: Mapping[str, Ask] = {
    "list": lambda _, __: listed(),
    "list by update": lambda _, __: listed(sort="-updatedAt"),
    "state and project": lambda _, chance: listed(projectId=chance.choice(PROJECTS), state=chance.choice(STATES)),
    "state, oldest first": lambda _, chance: listed(state=chance.choice(STATES), sort="createdAt"),
    "5 states, 20 projects": lambda _, __: listed(projectId=PROJECTS, state=STATES),
    "external id": lambda archive, chance: listed(externalId=chance.choice(archive.some).external_id),
    "file": lambda archive, chance: listed(fileId=chance.choice(archive.some).file_id),
    "updated since": updated_since,
    "cursor": cursor,
    DEEP: lambda archive, chance: listed(offset=int(archive.count * chance.uniform(0.8, 0.95))),
    "get": lambda archive, chance: f"/v2/documents/{chance.choice(archive.some).id}",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--samples", type=int, default=500, help="of each kind of request")
    asked = parser.parse_args()
    with ExitStack() as running:
        archives = [archive(running, count) for count in (asked.small, asked.large)]
        plans = {kind: [plan(each, ask) for each in archives] for kind, ask in KINDS.items()}
        measured = measure(archives, asked.samples)
        sizes = [each.mongo.command("collstats", "documents") for each in archives]
    show(measured)
    show_plans(plans)
    show_indexes(sizes)


def archive(running: ExitStack, count: int) -> Archive:
    """A stack for as long as `running`, with so many documents."""
    local = running.enter_context(running_stack())
    url, company_id = local["servers"]["mongodb"]["url"], local["company_id"]
    began = time.monotonic()
    some = fill(url, company_id, count, KEPT)
    print(f"{count} documents made in {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "services.documents.worker", "recount", company_id]
    subprocess.run(command, cwd=ROOT, env={"PATH": os.defpath, "PAPERLANE_MONGODB_URL": url}, check=True)
    print(f"counted in {time.monotonic() - began:.1f} s", flush=True)
    with Client(local["base_url"], local["client_id"], local["client_secret"]) as client:
        headers = {"Authorization": f"Bearer {client.token()}"}
    service = local["services"]["documents"]["url"]
    http = running.enter_context(httpx.Client(base_url=service, headers=headers, timeout=60, trust_env=False))
    mongo: MongoClient[dict[str, Any]] = running.enter_context(MongoClient(url))
    total = http.get(listed(limit=1)).json()["totalCount"]
    assert total == count, total
    return Archive(count, some, http, mongo["documents"])


def plan(archive: Archive, ask: Ask) -> tuple[str, int, int]:
    """How MongoDB finds what such a request asks for: by which indexes, and how many entries and records it reads."""
    with profiled(archive.mongo, "documents", "counts") as queries:
        archive.get(ask(archive, random.Random(1)))
    reads = [query for query in queries if {"find", "aggregate"} & query["command"].keys()]
    plans = sorted({query["planSummary"] for query in reads})
    assert plans, "it read something"
    assert "COLLSCAN" not in str(plans), plans
    assert not any("hasSortStage" in query for query in reads), reads
    entries, records = (sum(query[name] for query in reads) for name in ("keysExamined", "docsExamined"))
    # A plan names its index once for each range.
    return " and ".join(sorted({text.split("}")[0] + "}" for text in plans})), entries, records


def measure(archives: Sequence[Archive], samples: int) -> dict[str, list[list[float]]]:
    """By kind the seconds of each answer, for each archive."""
    measured: dict[str, list[list[float]]] = {kind: [[] for _ in archives] for kind in KINDS}
    chance = random.Random(2)
    for turn in range(-WARM_UP, samples):
        for kind, ask in KINDS.items():
            if kind == DEEP and turn % SELDOM:
                continue
            for archive, taken in zip(archives, measured[kind], strict=True):
                seconds = archive.get(ask(archive, chance))
                if turn >= 0:
                    taken.append(seconds)
    return measured


def percentiles(taken: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th, in milliseconds."""
    return statistics.median(taken) * 1000, statistics.quantiles(taken, n=100, method="inclusive")[98] * 1000


def show(measured: Mapping[str, list[list[float]]]) -> None:
    columns = ("milliseconds", "p50 small", "large", "ratio", "p99 small", "large", "ratio")
    rows = []
    for kind, (small, large) in measured.items():
        (p50, p99), (large_p50, large_p99) = percentiles(small), percentiles(large)
        rows.append((kind, p50, large_p50, large_p50 / p50, p99, large_p99, large_p99 / p99))
    report("scale", columns, rows, measured)


def show_plans(plans: Mapping[str, list[tuple[str, int, int]]]) -> None:
    rows = [(kind, *large) for kind, (_, large) in plans.items()]
    report("scale-plans", ("plan, large", "indexes", "entries", "records"), rows, plans)


def show_indexes(sizes: Sequence[dict[str, Any]]) -> None:
    small, large = (each["indexSizes"] for each in sizes)
    rows = [(name, small[name] / 1e6, large[name] / 1e6) for name in sorted(large, key=large.__getitem__)]
    rows += [(name, *(each[name] / 1e6 for each in sizes)) for name in ("totalIndexSize", "storageSize", "size")]
    report("scale-indexes", ("index", "MB small", "large"), rows, {"small": small, "large": large})


if __name__ == "__main__":
    main()
