"""What records of earlier releases lack is added to them once, before this release reads them."""

from __future__ import annotations

from pymongo.collection import Collection

from services.documents.domain.cases import CaseState
from services.documents.domain.projects import Engine
from services.documents.domain.states import COMPLETED, SETTLED, State
from services.documents.models import CaseRecord, DocumentRecord, ProjectRecord
from shared.database import Record


def upgrade() -> None:
    documents, cases = DocumentRecord._get_collection(), CaseRecord._get_collection()
    _name_documented_states(documents)
    _list_files(documents)
    _tally_cases(cases)
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


def _list_files(documents: Collection[Record]) -> None:
    """A document had one file, whose hash it did not know: it is no duplicate of any other."""
    documents.update_many(
        {"fileIds": {"$exists": False}}, [{"$set": {"fileIds": ["$fileId"], "sha256": ""}}, {"$unset": "fileId"}]
    )


def _tally_cases(cases: Collection[Record]) -> None:
    """A case had one document, of which it knew nothing."""
    settled = {"$in": ["$document.state", [state.value for state in SETTLED]]}
    failed = {"$eq": ["$document.state", State.FAILED.value]}
    ended = {"$cond": [failed, CaseState.FAILED.value, CaseState.COMPLETED.value]}
    stages: list[Record] = [
        {"$match": {"state": {"$exists": False}}},
        {"$lookup": {"from": "documents", "localField": "_id", "foreignField": "caseId", "as": "document"}},
        {"$unwind": "$document"},
        {
            "$set": {
                "state": {"$cond": [settled, ended, CaseState.PROCESSING.value]},
                "documents": 1,
                "unsettled": {"$cond": [settled, 0, 1]},
                "failed": {"$cond": [failed, 1, 0]},
                "fileIds": "$document.fileIds",
                "updatedAt": "$document.updatedAt",
                "updatedBy": "$document.updatedBy",
            }
        },
        {"$unset": "document"},
        {"$merge": {"into": "cases", "whenMatched": "replace"}},
    ]
    cases.aggregate(stages)


def _name_documented_states(documents: Collection[Record]) -> None:
    """Give the documents that an earlier release kept their state's name in the published contract."""
    completed = {
        "$filter": {"input": "$history.state", "cond": {"$in": ["$$this", [state.value for state in COMPLETED]]}}
    }
    names = {
        State.TRANSFERRED: {"$ifNull": [{"$last": completed}, State.DONE.value]},
        State.TRANSFER_FAILED: State.FAILED.value,
        State.SPLIT: State.DONE.value,
    }
    branches = [{"case": {"$eq": ["$state", state.value]}, "then": name} for state, name in names.items()]
    # By this index, of which each company's part begins with the records that have none, it costs next to nothing.
    by_name = [("companyId", 1), ("documentedState", 1), ("createdAt", 1), ("_id", 1)]
    documents.update_many(
        {"documentedState": None},
        [{"$set": {"documentedState": {"$switch": {"branches": branches, "default": "$state"}}}}],
        hint=by_name,
    )
