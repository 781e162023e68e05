"""Routings between domain and MongoDB: what writes them first touches one record of the company, so that of several at
once each sees what the others wrote.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence

from mongoengine.connection import get_db
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.documents.domain.routings import MAX_ROUTINGS, PostRoutingAction, Routing, Rule, refuse_unfit
from services.documents.errors import TooManyRoutings
from services.documents.models import ALIAS, RoutingRecord
from shared.database import Record, timely, together
from shared.database.lists import cut
from shared.database.marks import find_answer, is_mark_taken, mark_fields
from shared.idempotency import Mark
from shared.listing import Page, Slice


class MongoRoutings:
    """The port `Routings`."""

    @timely()
    def add(self, routing: Routing, mark: Mark | None = None) -> bool:
        try:
            together(_routings(), lambda session: insert_routings([routing], session, mark))
        except DuplicateKeyError as fault:
            if not is_mark_taken(fault):
                raise
            return False
        return True

    @timely()
    def answer(self, mark: Mark) -> bytes | None:
        return find_answer(_routings(), mark)

    @timely()
    def replace(self, routing: Routing) -> None:
        own = {"_id": routing.id, "companyId": routing.company_id}
        change = {"$set": _fields(routing)}

        def write(session: ClientSession) -> None:
            _touch(routing.company_id, session)
            _routings().update_one(own, change, session=session)
            refuse_unfit(_ways(routing.company_id, session))

        together(_routings(), write)

    @timely()
    def find(self, company_id: str, routing_id: str) -> Routing | None:
        record = RoutingRecord.objects(id=routing_id, company_id=company_id).exclude("marks").first()
        return _routing(record) if record else None

    @timely()
    def page(self, company_id: str, part: Slice, only: frozenset[str] | None = None) -> Page[Routing]:
        found = RoutingRecord.objects(company_id=company_id).exclude("marks")
        if only is not None:
            found = found.filter(from_project_id__in=sorted(only), to_project_id__in=sorted(only))
        return cut(found, part, _routing)

    @timely()
    def active_from(self, company_id: str, project_id: str) -> Sequence[Routing]:
        found = RoutingRecord.objects(company_id=company_id, from_project_id=project_id, active=True)
        return [_routing(record) for record in found.exclude("marks")]


def insert_routings(routings: Sequence[Routing], session: ClientSession, mark: Mark | None = None) -> None:
    """Keep new routings of one company, the first with the mark. RoutingCycle, TooManyRoutings, DuplicateKeyError."""
    if not routings:
        return
    company_id = routings[0].company_id
    records = [_fields(routing) for routing in routings]
    records[0] |= mark_fields(mark)
    _touch(company_id, session)
    insert_records(_routings(), records, session)
    if _routings().count_documents({"companyId": company_id}, limit=MAX_ROUTINGS + 1, session=session) > MAX_ROUTINGS:
        raise TooManyRoutings(MAX_ROUTINGS)
    refuse_unfit(_ways(company_id, session))


def insert_records(collection: Collection[Record], records: Sequence[Record], session: ClientSession) -> None:
    """Keep these records; DuplicateKeyError when the first bears a mark that is taken."""
    collection.insert_one(records[0], session=session)
    if records[1:]:
        collection.insert_many(records[1:], session=session)


def _touch(company_id: str, session: ClientSession) -> None:
    """Have all others that write routings of the company wait, or begin anew."""
    changes = get_db(ALIAS)["routing_changes"]
    changes.update_one({"_id": company_id}, {"$inc": {"changes": 1}}, upsert=True, session=session)


def _ways(company_id: str, session: ClientSession) -> Iterator[tuple[str, str]]:
    """From where to where the company's active routings lead."""
    active = {"companyId": company_id, "active": True}
    for record in _routings().find(active, {"fromProjectId": True, "toProjectId": True}, session=session):
        yield record["fromProjectId"], record["toProjectId"]


def _routings() -> Collection[Record]:
    collection: Collection[Record] = RoutingRecord._get_collection()
    return collection


def _fields(routing: Routing) -> Record:
    plain = {field.name: getattr(routing, field.name) for field in dataclasses.fields(routing)}
    rule: Rule = plain.pop("rule")
    chosen = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}
    written = {"routing_node": json.dumps(rule.routing_node), "post_routing_action": rule.post_routing_action.value}
    record: Record = RoutingRecord(**plain, **chosen | written).to_mongo()
    del record["marks"]  # they stay as they are when the rest is changed
    return record


def _routing(record: RoutingRecord) -> Routing:
    rule = Rule(
        name=record.name,
        from_project_id=record.from_project_id,
        to_project_id=record.to_project_id,
        routing_node=json.loads(record.routing_node),
        post_routing_action=PostRoutingAction(record.post_routing_action),
        active=record.active,
        order=record.order,
    )
    return Routing(
        id=record.id,
        company_id=record.company_id,
        rule=rule,
        created_at=record.created_at,
        created_by=record.created_by,
        modified_at=record.modified_at,
        modified_by=record.modified_by,
    )
