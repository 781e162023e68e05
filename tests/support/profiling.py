"""What MongoDB itself says of the queries that a test makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database


@contextmanager
def profiled(database: Database[dict[str, Any]], *collections: str) -> Iterator[list[dict[str, Any]]]:
    """Within the block every query is written down; after it, the list has those on the collections."""
    queries: list[dict[str, Any]] = []
    database.command("profile", 2)
    try:
        yield queries
        names = [f"{database.name}.{collection}" for collection in collections]
        ours = {"op": {"$in": ["query", "command", "update"]}, "ns": {"$in": names}}
        queries += database["system.profile"].find(ours)
    finally:
        database.command("profile", 0)
        database.drop_collection("system.profile")


def check_queries(queries: list[dict[str, Any]]) -> None:
    """Every query uses an index, and the server ends those that take too long."""
    assert [query["command"] for query in queries if "COLLSCAN" in query.get("planSummary", "COLLSCAN")] == []
    reads = [query["command"] for query in queries if {"find", "aggregate"} & query["command"].keys()]
    assert [command for command in reads if "maxTimeMS" not in command] == []
