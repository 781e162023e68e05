"""Deletion: nobody reads the file any more, nothing points at bytes that are gone, and whoever dies, it is finished."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.files.app import create_app
from services.files.domain.actors import SYSTEM
from services.files.domain.files import File
from services.files.handlers import reactions
from services.files.ports import Desk
from services.files.usecases import deleting
from services.files.usecases.deleting import erase_next
from shared.contracts.documents import DocumentDeleted
from shared.contracts.envelope import Envelope
from shared.contracts.files import FileDeleted, manifest_key
from shared.contracts.registry import KINDS, Family, Kind
from shared.errors import Unavailable
from shared.ids import new_uuid
from shared.messaging.reactions import check
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.files import MemoryFiles, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.messages import message
from tests.support.tokens import COMPANY, OTHER_COMPANY, authorization, bearer, sign

PDF = b"%PDF-1.7 one"
MINE = authorization()


class Files:
    """The service over fakes, as its client, its documents and its worker meet it."""

    def __init__(self) -> None:
        self.store, self.records = MemoryStore(), MemoryFiles()
        self.desk: Desk = desk_over(self.store, self.records)
        self.http: FlaskClient = create_app(self.desk, bearer()).test_client()

    def upload(self, headers: dict[str, str] = MINE) -> str:
        answer = self.http.post("/v2/files", data=PDF, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(json.loads(answer.data)["id"])

    def delete(self, file_id: str, headers: dict[str, str] = MINE) -> int:
        return self.http.delete(f"/v2/files/{file_id}", headers=headers).status_code

    def statuses(self, file_id: str) -> set[int]:
        paths = (f"/v2/files/{file_id}", f"/v2/files/{file_id}/metadata")
        return {self.http.get(path, headers=MINE).status_code for path in paths}

    def work(self) -> None:
        while erase_next(self.desk):
            pass

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.store.objects]

    @property
    def audited(self) -> list[Any]:
        assert isinstance(self.desk.journal, MemoryJournal)
        return [entry for entry in self.desk.journal.entries if entry.action == "file.deleted"]


@pytest.fixture
def files() -> Files:
    return Files()


def away(*_: object) -> None:
    raise Unavailable("Away.")


def test_a_deleted_file_is_gone_at_once_for_clients_and_documents_and_then_from_the_store(files: Files) -> None:
    kept, gone = files.upload(), files.upload()
    blob = files.records.files[gone].blob
    assert files.delete(gone) == 204
    assert files.statuses(gone) == {404}
    assert manifest_key(COMPANY, gone) not in files.keys
    assert blob.key in files.keys, "the bytes go last, by the worker"
    files.work()
    assert [key for key in files.keys if gone in key] == []
    assert files.records.erasures.pending == {}
    assert files.statuses(kept) == {200}
    assert files.delete(gone) == 404


def test_a_deletion_is_audited_with_what_was_deleted(files: Files) -> None:
    file_id = files.upload()
    sha256 = files.records.files[file_id].blob.sha256
    files.delete(file_id, MINE | {"X-Request-Id": "req-7"})
    (entry,) = files.audited
    assert (entry.actor, entry.company_id, entry.subject) == ("tester", COMPANY, file_id)
    assert (entry.request_id, entry.before, entry.after, entry.detail) == ("req-7", sha256, "", {})


def test_whoever_may_not_see_a_file_cannot_delete_it(files: Files) -> None:
    file_id = files.upload()
    limited = {"Authorization": f"Bearer {sign(client_id='limited', projects=['c' * 24])}"}
    assert [files.delete(file_id, headers) for headers in (authorization(OTHER_COMPANY), limited)] == [404, 404]
    assert files.delete(file_id, authorization(scopes=["files.read"])) == 403
    assert [files.delete(one) for one in (new_uuid(), "x")] == [404, 404]
    assert files.statuses(file_id) == {200}
    own = files.upload(limited)
    assert files.delete(own, limited) == 204


def test_the_next_oldest_is_what_others_are_duplicates_of(files: Files) -> None:
    first, second, third = (files.upload() for _ in range(3))
    for number, file_id in enumerate((first, second, third)):
        file = files.records.files[file_id]
        files.records.files[file_id] = replace(file, created_at=file.created_at + timedelta(seconds=number))
    files.delete(first)
    listed = json.loads(files.http.get("/v2/files", headers=MINE).data)["data"]
    assert [(file["id"], file.get("duplicateOf")) for file in listed] == [(third, second), (second, None)]


def test_an_upload_that_comes_again_after_its_deletion_is_a_new_one(files: Files) -> None:
    keyed = MINE | {"Idempotency-Key": "k-1"}
    first = files.upload(keyed)
    files.delete(first)
    assert files.upload(keyed) not in (first, None)


def test_with_the_store_away_a_file_is_gone_and_erased_later(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = files.upload()
    with monkeypatch.context() as outage:
        outage.setattr(files.store, "delete", away)
        assert files.delete(file_id) == 204
        assert files.statuses(file_id) == {404}
        with pytest.raises(Unavailable):
            erase_next(files.desk)
    assert len(files.keys) == 2
    files.work()
    assert len(files.keys) == 2, "left to whoever took it for a minute"
    later = replace(files.desk, clock=lambda: files.desk.clock() + timedelta(minutes=2))
    assert erase_next(later)
    assert files.keys == []
    assert not erase_next(later)


def test_with_the_database_away_nothing_is_deleted(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = files.upload()
    with monkeypatch.context() as outage:
        outage.setattr(files.records, "remove", away)
        assert files.delete(file_id) == 503
    assert files.statuses(file_id) == {200}
    assert (len(files.keys), files.audited) == (2, [])


def test_a_worker_that_dies_after_the_manifest_is_finished_by_the_next(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = files.upload()
    files.delete(file_id)
    with monkeypatch.context() as death:
        death.setattr(files.records.erasures, "done", away)
        with pytest.raises(Unavailable):
            erase_next(files.desk)
    assert files.keys == []
    later = replace(files.desk, clock=lambda: files.desk.clock() + timedelta(minutes=2))
    assert erase_next(later)
    assert files.records.erasures.pending == {}


def test_what_went_wrong_between_two_deletions_is_told_once(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = files.upload()
    monkeypatch.setattr(files.records, "remove", lambda *_: False)  # another was faster
    assert files.delete(file_id) == 404
    assert files.audited == []


def test_nothing_is_announced_while_nobody_listens(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.delete(files.upload())
    assert files.records.outbox == []
    heard = Kind("file-deleted", 1, Family.FACT, ("files",), ("documents",), FileDeleted)
    monkeypatch.setattr("shared.contracts.announcing.kind_for", lambda _: heard)
    file_id = files.upload()
    sha256 = files.records.files[file_id].blob.sha256
    files.delete(file_id, MINE | {"X-Request-Id": "req-7"})
    (told,) = files.records.outbox
    assert (told.type, told.sender, told.company_id) == ("file-deleted", "files", COMPANY)
    assert (told.correlation_id, told.body) == ("req-7", FileDeleted(file_id, sha256))
    assert told.traceparent


def deleted(*file_ids: str, company: str = COMPANY) -> Envelope:
    return replace(message(DocumentDeleted), company_id=company, body=DocumentDeleted("d" * 24, file_ids))


def test_files_that_no_document_has_any_more_go_with_the_last(files: Files) -> None:
    check("files", reactions(files.desk), (5,))
    kept, first, second = files.upload(), files.upload(), files.upload()
    fact = deleted(first, new_uuid(), second)
    for _ in range(2):  # a message may come twice
        reactions(files.desk)[DocumentDeleted].run(fact)
    files.work()
    assert (files.statuses(first), files.statuses(second), files.statuses(kept)) == ({404}, {404}, {200})
    assert len(files.keys) == 2
    assert [entry.subject for entry in files.audited] == [first, second]
    entry = files.audited[0]
    assert (entry.actor, entry.request_id, entry.detail) == (SYSTEM, fact.correlation_id, {"document": "d" * 24})


def test_a_document_of_another_company_takes_no_file_along(files: Files) -> None:
    file_id = files.upload()
    reactions(files.desk)[DocumentDeleted].run(deleted(file_id, company=OTHER_COMPANY))
    assert files.statuses(file_id) == {200}


def test_an_outage_leaves_the_message_to_be_tried_again(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = files.upload(), files.upload()
    remove = files.records.remove

    def remove_the_first(file: File, *more: Any) -> bool:
        if file.id != first:
            raise Unavailable("Away.")
        return remove(file, *more)

    with monkeypatch.context() as outage:
        outage.setattr(files.records, "remove", remove_the_first)
        with pytest.raises(Unavailable):
            reactions(files.desk)[DocumentDeleted].run(deleted(first, second))
    reactions(files.desk)[DocumentDeleted].run(deleted(first, second))
    assert (files.statuses(first), files.statuses(second)) == ({404}, {404})


def test_the_sender_is_the_one_that_the_registry_names() -> None:
    (kind,) = (kind for kind in KINDS if kind.body is FileDeleted)
    assert kind.senders == (deleting.SENDER,)
