"""MongoDB as every service uses it: its connection, its guarantees, and how long it may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import mongoengine
import pymongo
from mongoengine.errors import OperationError
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError, WriteConcernError
from pymongo.uri_parser import parse_uri

from shared.errors import Unavailable

# What an acknowledged write must survive: the loss of the primary and a power cut. Timeouts turn an outage into a 503.
_GUARANTEES: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "readConcernLevel": "majority",
    "serverSelectionTimeoutMS": 4_000,
    "connectTimeoutMS": 4_000,
    "socketTimeoutMS": 20_000,
    "tz_aware": True,
}
# For one use of the database: a client gets its 503 in time, and a slow query ends on the server too (maxTimeMS).
CALL_SECONDS = 4.0
Record = dict[str, Any]
Result = TypeVar("Result")

# What PyMongo raises when the server is away or too slow, or its followers are: the client may try again.
OUTAGES = (ConnectionFailure, ExecutionTimeout, WriteConcernError)


def connect(url: str, alias: str) -> None:
    """Register the connection that models with `db_alias: alias` use. It is opened by the first query, so after a fork.

    The database is the one in the path of `url`, else `alias`.
    """
    mongoengine.disconnect(alias)
    database = parse_uri(url)["database"] or alias
    mongoengine.connect(db=database, host=url, alias=alias, connect=False, uuidRepresentation="standard", **_GUARANTEES)


def refuse_standalone(alias: str) -> None:
    """Raise RuntimeError when the server is no member of a replica set: retryable writes and transactions need one."""
    hello = _client(alias).admin.command("hello")
    if "setName" not in hello:
        raise RuntimeError(
            f"The MongoDB server of {alias} is standalone. Start it with --replSet and run rs.initiate() once."
        )


def is_up(alias: str) -> bool:
    """Does the server answer within a second or so?"""
    try:
        with pymongo.timeout(1):
            _client(alias).admin.command("ping")
    except PyMongoError:
        return False
    return True


def unavailable() -> Unavailable:
    """What a door answers when one of `OUTAGES` was raised. A write whose answer is missing may have been done."""
    return Unavailable("The database does not answer. Send the request again.")


@contextmanager
def timely(seconds: float = CALL_SECONDS) -> Iterator[None]:
    """So many seconds for all that is asked of the server; an outage, or the end of that time, is Unavailable.

    Also a decorator: `@timely()`.
    """
    try:
        with pymongo.timeout(seconds):
            yield
    except OperationError as wrapped:  # mongoengine's updates wrap what the driver raises, outages too
        if isinstance(wrapped.__context__, OUTAGES):
            raise unavailable() from wrapped
        raise
    except OUTAGES as outage:
        raise unavailable() from outage
    except OperationFailure as fault:
        if fault.has_error_label("TransientTransactionError"):  # others were at the same records all the time
            raise unavailable() from fault
        raise


def together(collection: Collection[Record], write: Callable[[ClientSession], Result]) -> Result:
    """What `write` does with the session that it is given happens as a whole or not at all. It may be run again."""
    with collection.database.client.start_session() as session:
        return session.with_transaction(write)


def merged(*updates: Record) -> Record:
    """One update made of several that touch different members."""
    whole: Record = {}
    for update in updates:
        for operator, members in update.items():
            whole.setdefault(operator, {}).update(members)
    return whole


def _client(alias: str) -> MongoClient[Record]:
    client: MongoClient[Record] = mongoengine.get_connection(alias)
    return client
