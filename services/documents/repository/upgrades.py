"""What records of earlier releases lack is added to them once, before this release reads them."""

from __future__ import annotations

from mongoengine.connection import get_db
from pymongo import ASCENDING, UpdateOne
from pymongo.collection import Collection

from services.documents.domain.cases import CaseState, Tally
from services.documents.domain.projects import Engine
from services.documents.domain.states import COMPLETED, SETTLED, State
from services.documents.models import ALIAS, CaseRecord, DocumentRecord, ProjectRecord
from services.documents.repository.names import ANY, DOCUMENTED
from services.documents.repository.recounting import recount
from services.documents.repository.tallies import tally_fields
from shared.database import Record


def upgrade() -> None:
    documents, cases = DocumentRecord._get_collection(), CaseRecord._get_collection()
    _list_files(documents)
    _tally_cases(cases, documents)
    _name_documents(documents)
    _count_documents()
    _give_choices(ProjectRecord._get_collection())


def _give_choices(projects: Collection[Record]) -> None:
    """A project had no engine and could not be changed; all languages stood in it when none was chosen."""
    chosen = {"$cond": [{"$setEquals": ["$languages", ["en", "de"]]}, [], "$languages"]}
    given = {
        "ocrEngine": Engine.TESSERACT.value,
        "ocrLanguages": chosen,
        "isLive": True,
        "updatedAt": "$createdAt",
        "updatedBy": "$createdBy",
        "version": 0,
    }
    projects.update_many({"version": {"$exists": False}}, [{"$set": given}, {"$unset": "languages"}])


def _by(*members: str) -> dict[str, int]:
    """An index, of which each company's part begins with the records that lack the first member: to find those by it
    costs next to nothing.
    """
    return dict.fromkeys(("companyId", *members), ASCENDING)


def _list_files(documents: Collection[Record]) -> None:
    """A document had one file, whose hash it did not know: it is no duplicate of any other."""
    listed: list[Record] = [{"$set": {"fileIds": ["$fileId"], "sha256": ""}}, {"$unset": "fileId"}]
    documents.update_many({"fileIds": None}, listed, hint=_by("fileIds", "createdAt", "_id"))


def _tally_cases(cases: Collection[Record], documents: Collection[Record]) -> None:
    """A case had one document, of which it knew nothing."""
    by_state = _by("state", "createdAt", "_id")
    while found := list(cases.find({"state": None}, {"companyId": True}, hint=by_state).limit(BATCH)):
        changes = []
        for case in found:
            document = documents.find_one({"companyId": case["companyId"], "caseId": case["_id"]}, _TALLIED) or {}
            changes.append(UpdateOne({"_id": case["_id"], "state": None}, {"$set": _tally(document)}))
        cases.bulk_write(changes, ordered=False)


def _tally(document: Record) -> Record:
    """The members that a case with this one document lacked; of a document that is gone nothing is known."""
    settled = document.get("state", State.DONE.value) in {state.value for state in SETTLED}
    tally = Tally(len(document) and 1, int(not settled), int(document.get("state") == State.FAILED.value))
    told: Record = {name: document[name] for name in ("fileIds", "updatedAt", "updatedBy") if name in document}
    return {**told, **tally_fields(tally), "state": (tally.state if document else CaseState.COMPLETED).value}


def _name_documents(documents: Collection[Record]) -> None:
    """A document stood under no names. It is not counted either."""
    by_name = _by("names", "createdAt", "_id")
    if documents.find_one({"names": None}, hint=by_name) is None:
        return
    _done().delete_one(_COUNTS)
    completed = {
        "$filter": {"input": "$history.state", "cond": {"$in": ["$$this", [state.value for state in COMPLETED]]}}
    }
    told = {
        State.TRANSFERRED: {"$ifNull": [{"$last": completed}, State.DONE.value]},
        State.TRANSFER_FAILED: State.FAILED.value,
        State.SPLIT: State.DONE.value,
    }
    branches = [
        {"case": {"$eq": ["$state", state.value]}, "then": [{"$concat": [DOCUMENTED, name]}]}
        for state, name in told.items()
    ]
    names = {"$concatArrays": [[ANY, "$state"], {"$switch": {"branches": branches, "default": []}}]}
    documents.update_many({"names": None}, [{"$set": {"names": names}}, {"$unset": "documentedState"}], hint=by_name)


def _count_documents() -> None:
    """Documents were not counted."""
    if _done().find_one(_COUNTS) is None:
        recount()
        _done().replace_one(_COUNTS, _COUNTS, upsert=True)


_COUNTS = {"_id": "counts"}
_TALLIED = ("state", "fileIds", "updatedAt", "updatedBy")
# Records of one go, so that none outlasts what the connection waits.
BATCH = 500


def _done() -> Collection[Record]:
    """What was done, where the records do not tell."""
    done: Collection[Record] = get_db(ALIAS)["upgrades"]
    return done
