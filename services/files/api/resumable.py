"""Uploads in several requests, as tus 1.0 describes them (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import request
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from services.files.api.actors import actor_of
from services.files.api.body import Body
from services.files.domain.arriving import Addition
from services.files.domain.digests import DigestCheck
from services.files.domain.files import MAX_FILE_BYTES
from services.files.domain.resumable import CHECKSUMS, EXTENSIONS, MAX_METADATA, VERSION, Resumable, read_checksum
from services.files.errors import (
    ChecksumMismatch,
    ContentTypeMismatch,
    EmptyFile,
    FileTooLarge,
    IncompleteBody,
    NameTooLong,
    NoAddition,
    OffsetMismatch,
    UnsafeArchive,
    UnsupportedContentType,
    UploadLocked,
    UploadNotFound,
    WrongTusVersion,
)
from services.files.ports import Desk
from services.files.schemas import ResumableUpload, TusProblem
from services.files.usecases import resuming
from shared.bearer import Caller
from shared.errors import BadRequest
from shared.idempotency import Mark
from shared.web.problems import PROBLEM_TYPE
from shared.web.routes import Answer, Header, Manner, Operation, Raw, Routes, render

routes: Routes[Desk] = Routes("files")

ADDITION = "application/offset+octet-stream"
FILE_HEADER = "X-Hy-File-Id"
_SPOKEN = "Tus-Resumable"
_VERSION = {_SPOKEN: Header("The version of tus that is spoken.", {"type": "string", "enum": [VERSION]})}
_BYTES = {"type": "integer", "minimum": 0, "maximum": MAX_FILE_BYTES}
_CHECKSUM = rf"^({'|'.join(CHECKSUMS)}) [A-Za-z0-9+/]+={{0,2}}$"
_OFFSET = {"Upload-Offset": "How many bytes are there.", "Upload-Expires": "Until when it can be continued."}
_BECAME = {FILE_HEADER: "The id of the file, once it is whole.", "Location": "The file's address, once it is whole."}

BEGUN = Answer(201, tells={"Location": "Where to send the bytes.", **_OFFSET})
ADDED = Answer(204, tells={**_OFFSET, **_BECAME})
KNOWN = Answer(
    200,
    ResumableUpload,
    headers={"Cache-Control": "no-store"},
    tells={
        **_OFFSET,
        "Upload-Length": "How many bytes it will have.",
        "Upload-Metadata": "As it was sent.",
        FILE_HEADER: _BECAME[FILE_HEADER],
    },
)


def _speak(response: Response) -> None:
    response.headers[_SPOKEN] = VERSION


TUS = Manner(_speak, TusProblem, PROBLEM_TYPE)


@routes.options(
    "/v2/uploads",
    Operation(
        scope="files.write",
        summary="Discover what uploads can do",
        answer=Answer(
            204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(MAX_FILE_BYTES),
                "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
            },
        ),
        manner=TUS,
    ),
)
def discover_uploads(_desk: Desk, _caller: Caller) -> None:
    """The version and extensions of tus, and the size of the largest file."""


@routes.post(
    "/v2/uploads",
    Operation(
        scope="files.write",
        summary="Begin an upload in several requests",
        answer=BEGUN,
        refusals=(EmptyFile, UnsupportedContentType, NameTooLong, WrongTusVersion, FileTooLarge),
        keyed=True,
        headers={
            **_VERSION,
            "Upload-Length": Header("How many bytes the file has.", {**_BYTES, "minimum": 1}, required=True),
            "Upload-Metadata": Header(
                "Keys and, in base64, values: `filename` and `filetype` count, others are kept.",
                {"type": "string", "maxLength": MAX_METADATA},
            ),
        },
        manner=TUS,
    ),
)
def begin_upload(desk: Desk, caller: Caller, mark: Mark | None) -> Response:
    """For connections that break: what has arrived stays for 24 hours, and a client goes on where it was (tus 1.0)."""
    _check_version()
    metadata = request.headers.get("Upload-Metadata", "")
    if len(metadata) > MAX_METADATA:
        raise BadRequest(f"Upload-Metadata: at most {MAX_METADATA} characters are kept.")
    upload = resuming.begin(desk, actor_of(caller), _number("Upload-Length"), metadata, mark)
    return _told(render(BEGUN, None), upload, {"Location": f"/v2/uploads/{upload.id}"})


@routes.get(
    "/v2/uploads/<upload_id>",
    Operation(
        scope="files.write",
        summary="Read how far an upload is",
        answer=KNOWN,
        refusals=(UploadNotFound, WrongTusVersion),
        headers=_VERSION,
        manner=TUS,
    ),
)
def show_upload(desk: Desk, caller: Caller, upload_id: str) -> Response:
    """The same for HEAD, in headers alone."""
    upload = resuming.find_upload(desk, actor_of(caller), upload_id)
    _check_version()
    more = {"Upload-Length": str(upload.length)}
    if upload.metadata:
        more["Upload-Metadata"] = upload.metadata
    return _told(render(KNOWN, upload), upload, more)


@routes.patch(
    "/v2/uploads/<upload_id>",
    Operation(
        scope="files.write",
        summary="Add bytes to an upload",
        answer=ADDED,
        body=Raw((ADDITION,)),
        refusals=(
            ContentTypeMismatch,
            UnsupportedContentType,
            UnsafeArchive,
            IncompleteBody,
            UploadNotFound,
            OffsetMismatch,
            WrongTusVersion,
            FileTooLarge,
            NoAddition,
            UploadLocked,
            ChecksumMismatch,
        ),
        headers={
            **_VERSION,
            "Upload-Offset": Header(
                "From which byte of the file on, counted from 0: as many as are there.", _BYTES, required=True
            ),
            "Upload-Checksum": Header(
                "`sha1` or `sha256`, and the digest of the body in base64. Without it, what came of a body that breaks "
                "off stays.",
                {"type": "string", "pattern": _CHECKSUM},
            ),
        },
        manner=TUS,
    ),
)
def add_to_upload(desk: Desk, caller: Caller, upload_id: str) -> Response:
    """With its last byte it becomes a file, which is checked as with POST /v2/files, and whose id the answer tells."""
    actor = actor_of(caller)
    upload = resuming.find_upload(desk, actor, upload_id)
    _check_version()
    if request.mimetype != ADDITION:
        raise NoAddition
    size = request.content_length
    check = DigestCheck(read_checksum(request.headers.get("Upload-Checksum")))
    content = Body(request.stream, size, DigestCheck({}))
    upload = resuming.add_to_upload(desk, actor, upload, Addition(_number("Upload-Offset"), content, size, check))
    return _told(render(ADDED, None), upload, {"Location": f"/v2/files/{upload.file_id}"} if upload.file_id else {})


@routes.delete(
    "/v2/uploads/<upload_id>",
    Operation(
        scope="files.write",
        summary="End an upload",
        answer=Answer(204),
        refusals=(UploadNotFound, WrongTusVersion),
        headers=_VERSION,
        manner=TUS,
    ),
)
def end_upload(desk: Desk, caller: Caller, upload_id: str) -> None:
    """What has arrived is erased. A file that the upload became stays."""
    actor = actor_of(caller)
    upload = resuming.find_upload(desk, actor, upload_id)
    _check_version()
    resuming.end_upload(desk, upload)


def _check_version() -> None:
    """Who says nothing of a version means ours."""
    if request.headers.get(_SPOKEN, VERSION) != VERSION:
        raise WrongTusVersion


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch("[0-9]{1,15}", text):
        raise BadRequest(f"{header}: send how many bytes, in digits.")
    return int(text)


def _told(answer: Response, upload: Resumable, more: Mapping[str, str]) -> Response:
    answer.headers["Upload-Offset"] = str(upload.offset)
    answer.headers["Upload-Expires"] = http_date(upload.expires_at)
    if upload.file_id:
        answer.headers[FILE_HEADER] = upload.file_id
    answer.headers.update(more)
    return answer
