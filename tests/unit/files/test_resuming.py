"""Uploads in several requests when something breaks off, is away, comes twice, or takes too long."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.files.domain.resumable import GROWING_BYTES, HOLD, LIFETIME, PIECE_BYTES, RENEW
from shared.errors import Unavailable
from shared.ids import new_uuid
from tests.support.files import MINE, PDF, code
from tests.support.resumable import TUS, Service
from tests.support.tokens import OTHER_COMPANY, authorization, sign


def away(*_: object) -> None:
    raise Unavailable("Away.")


def test_what_came_before_a_connection_broke_stays(service: Service) -> None:
    path = service.begin()
    assert code(service.send_and_break(path, 0, PDF[:3000])) == (400, "incomplete_body")
    assert service.offset(path) == 3000
    assert code(service.send_and_break(path, 3000, PDF[3000:9000])) == (400, "incomplete_body")
    assert service.offset(path) == 9000
    file_id = service.add(path, 9000, PDF[9000:]).headers["X-Hy-File-Id"]
    assert service.store.get(service.files.files[file_id].blob) == PDF


def test_what_has_a_checksum_and_breaks_off_does_not_count(service: Service) -> None:
    path, checksum = service.begin(), base64.b64encode(hashlib.sha1(PDF, usedforsecurity=False).digest()).decode()
    refused = service.send_and_break(path, 0, PDF[:3000], Upload_Checksum=f"sha1 {checksum}")
    assert code(refused) == (400, "incomplete_body")
    assert (service.offset(path), service.pieces) == (0, [])


def test_a_long_request_counts_piece_by_piece_and_small_ones_make_few_pieces(service: Service) -> None:
    data = b"%PDF-" + bytes(2 * PIECE_BYTES + 1000)
    path = service.begin(len(data) + 10)
    service.add(path, 0, data)
    assert service.pieces == [PIECE_BYTES, PIECE_BYTES, 1005]
    for number in range(8):
        service.add(path, len(data) + number, b"x")
    assert service.pieces == [PIECE_BYTES, PIECE_BYTES, 1013]
    many = service.begin(GROWING_BYTES * 3)
    service.add(many, 0, b"%PDF-" + bytes(GROWING_BYTES - 5))
    service.add(many, GROWING_BYTES, b"x")
    assert service.pieces[3:] == [GROWING_BYTES, 1]


def test_a_process_that_dies_loses_no_more_than_a_piece(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"%PDF-" + bytes(2 * PIECE_BYTES)
    path = service.begin(len(data))
    keep = service.desk.storage.keep_piece
    with monkeypatch.context() as death:
        death.setattr(service.desk.storage, "keep_piece", after(1, keep))
        assert service.patch(path, 0, data).status_code == 503
    assert service.offset(path) == PIECE_BYTES
    assert service.add(path, PIECE_BYTES, data[PIECE_BYTES:]).headers["X-Hy-File-Id"]


def after(calls: int, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, which is unavailable from its call number `calls` on."""
    done = iter(range(calls))
    return lambda *arguments: method(*arguments) if next(done, None) is not None else away()


def test_pieces_that_count_though_no_answer_came_are_kept(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    path, advance = service.begin(), service.uploads.advance

    def advance_and_fail(*arguments: Any) -> None:
        advance(*arguments)
        raise Unavailable("The answer was lost.")

    with monkeypatch.context() as outage:
        outage.setattr(service.uploads, "advance", advance_and_fail)
        assert service.patch(path, 0, PDF[:1000]).status_code == 503
    assert (service.offset(path), service.pieces) == (1000, [1000])
    assert service.add(path, 1000, PDF[1000:]).headers["X-Hy-File-Id"]


@pytest.mark.parametrize("step", ["add", "finish"])
def test_a_file_whose_making_failed_is_made_once_when_the_last_bytes_come_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = service.begin()
    service.add(path, 0, PDF[:1000])
    where: Any = {"add": service.files, "finish": service.uploads}[step]
    done = getattr(where, step)

    def do_and_fail(*arguments: object) -> None:
        done(*arguments)
        raise Unavailable("The answer was lost.")

    with monkeypatch.context() as outage:
        outage.setattr(where, step, do_and_fail)
        assert service.patch(path, 1000, PDF[1000:]).status_code == 503
    if step == "add":
        assert service.offset(path) == 1000, "so that a client does not take it for done"
        service.add(path, 1000, PDF[1000:])
    answer = service.http.get(path, headers=MINE)
    assert [json.loads(answer.data)["fileId"]] == list(service.files.files)
    service.work()
    assert len(service.store.objects) == 2


def test_two_requests_do_not_add_at_once(service: Service) -> None:
    path = service.begin()
    upload, _ = service.uploads.uploads[path.rpartition("/")[2]]
    assert service.uploads.hold(upload, "another", service.now)
    assert code(service.patch(path, 0, PDF)) == (423, "upload_locked")
    service.now += HOLD + timedelta(seconds=1)
    assert service.add(path, 0, PDF).headers["X-Hy-File-Id"], "whoever had it is dead"


def test_whoever_lost_the_upload_to_another_adds_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    path, keep = service.begin(), service.desk.storage.keep_piece

    def pause(key: str, content: Any) -> Any:
        kept = keep(key, content)
        service.now += HOLD + timedelta(seconds=1)
        upload, _ = service.uploads.uploads[path.rpartition("/")[2]]
        assert service.uploads.hold(upload, "another", service.now)
        return kept

    monkeypatch.setattr(service.desk.storage, "keep_piece", pause)
    assert code(service.patch(path, 0, PDF[:1000])) == (423, "upload_locked")
    assert (service.offset(path), service.pieces) == (0, [])
    upload, until = service.uploads.uploads[path.rpartition("/")[2]]
    assert (upload.holder, until) == ("another", service.now + HOLD), "it is not released by whoever lost it"


class Slow:
    """A body whose every read takes a while; `reads` tells who has the upload then."""

    def __init__(self, service: Service, upload_id: str) -> None:
        self._service, self._id = service, upload_id
        self.until: list[Any] = []

    def read(self, size: int = -1) -> bytes:
        self._service.now += RENEW
        self.until.append(self._service.uploads.uploads[self._id][1])
        return b"%PDF-1.7 "[:size] if len(self.until) < 12 else b""


def test_a_slow_request_keeps_its_upload(service: Service) -> None:
    path = service.begin()
    slow = Slow(service, path.rpartition("/")[2])
    environ = {"wsgi.input": slow, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = service.http.patch(path, headers=headers, environ_overrides=environ)
    assert answer.status_code == 204, answer.text
    assert min(slow.until[3:]) > slow.until[0]
    assert service.offset(path) == 99


def test_an_upload_expires_and_leaves_nothing(service: Service) -> None:
    path, other = service.begin(), service.begin()
    service.add(path, 0, PDF[:1000])
    service.work(LIFETIME - timedelta(seconds=1))
    assert (service.offset(path), service.pieces) == (1000, [1000])
    service.now += timedelta(seconds=1)
    assert [service.http.head(one, headers=TUS).status_code for one in (path, other)] == [404, 404]
    assert code(service.patch(path, 1000, PDF[1000:])) == (404, "not_found")
    service.work()
    service.work()
    assert (service.uploads.uploads, service.pieces) == ({}, [])


def test_an_upload_that_is_being_added_to_does_not_expire(service: Service) -> None:
    path = service.begin()
    service.now += LIFETIME - timedelta(seconds=1)
    upload, _ = service.uploads.uploads[path.rpartition("/")[2]]
    assert service.uploads.hold(upload, "another", service.now)
    service.work(timedelta(seconds=10))
    assert service.uploads.uploads
    service.work()
    assert service.uploads.uploads == {}


def test_a_client_may_end_its_upload(service: Service) -> None:
    path = service.begin()
    service.add(path, 0, PDF[:1000])
    assert service.http.delete(path, headers=TUS | {"Tus-Resumable": "2.0.0"}).status_code == 412
    assert service.http.delete(path, headers=TUS).status_code == 204
    assert [service.http.delete(path, headers=TUS).status_code, service.patch(path, 1000, b"x").status_code] == [
        404
    ] * 2
    assert service.pieces == [1000], "somebody may be adding another"
    service.work()
    assert service.pieces == []


def test_an_upload_that_was_ended_under_a_request_leaves_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keep = service.begin(), service.desk.storage.keep_piece

    def end_before(key: str, content: Any) -> Any:
        assert service.http.delete(path, headers=TUS).status_code == 204
        return keep(key, content)

    monkeypatch.setattr(service.desk.storage, "keep_piece", end_before)
    assert code(service.patch(path, 0, PDF[:1000])) == (423, "upload_locked")
    assert (service.pieces, service.uploads.uploads) == ([], {})


def test_a_file_stays_when_its_upload_ends(service: Service) -> None:
    path = service.begin()
    file_id = service.add(path, 0, PDF).headers["X-Hy-File-Id"]
    assert service.add(path, len(PDF), b"").headers["X-Hy-File-Id"] == file_id
    assert service.http.delete(path, headers=TUS).status_code == 204
    service.work()
    assert service.http.get(f"/v2/files/{file_id}", headers=MINE).data == PDF


def test_strangers_learn_nothing_of_an_upload(service: Service) -> None:
    path = service.begin()
    limited = {"Authorization": f"Bearer {sign(client_id='limited', projects=['c' * 24])}"}
    for headers in (authorization(OTHER_COMPANY), limited):
        for method in ("GET", "HEAD", "PATCH", "DELETE"):
            for one in (path, f"/v2/uploads/{new_uuid()}", "/v2/uploads/x"):
                answer = service.http.open(one, method=method, headers=headers)
                assert (answer.status_code, answer.headers["Tus-Resumable"]) == (404, "1.0.0")
    own = service.begin(headers=TUS | limited)
    assert service.http.get(own, headers=limited).status_code == 200
    assert service.patch(own, 0, PDF).status_code == 204


def test_a_request_to_begin_that_comes_again_begins_nothing_new(service: Service) -> None:
    keyed = TUS | {"Idempotency-Key": "k-1"}
    path = service.begin(headers=keyed)
    service.add(path, 0, PDF[:10])
    again = service.post(headers=keyed)
    assert (again.status_code, again.headers["Location"], again.headers["Upload-Offset"]) == (201, path, "10")
    assert code(service.post(len(PDF) + 1, headers=keyed)) == (422, "idempotency_key_reused")
    assert service.begin(headers=TUS) != path
