"""Uploads in one request: the file itself, or a form around it."""

from __future__ import annotations

from flask import request
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from services.files.api.actors import actor_of
from services.files.api.body import body_of
from services.files.api.forms import MEDIA_TYPE, PART, FormFile
from services.files.domain import names
from services.files.domain.actors import Actor
from services.files.domain.digests import DIGEST_HEADER
from services.files.domain.files import Upload
from services.files.domain.media import DECLARED
from services.files.errors import (
    ContentTypeMismatch,
    DigestMismatch,
    EmptyFile,
    FileTooLarge,
    IncompleteBody,
    MalformedForm,
    NameTooLong,
    UnsafeArchive,
    UnsupportedContentType,
)
from services.files.ports import Desk
from services.files.schemas import StoredFile
from services.files.usecases import storing
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.web.routes import Answer, Lead, Operation, Raw, Routes, render

routes: Routes[Desk] = Routes("files")

STORED = Answer(
    201,
    StoredFile,
    tells={"Location": "Where the file can be downloaded."},
    leads=(
        Lead("process_file", body={"fileId": "id"}),
        Lead("download_file", {"file_id": "id"}),
        Lead("show_file", {"file_id": "id"}),
        Lead("delete_file", {"file_id": "id"}),
    ),
)


@routes.post(
    "/v2/files",
    Operation(
        scope="files.write",
        summary="Upload a file",
        answer=STORED,
        body=Raw(DECLARED, part=PART),
        refusals=(
            EmptyFile,
            UnsupportedContentType,
            ContentTypeMismatch,
            UnsafeArchive,
            IncompleteBody,
            MalformedForm,
            DigestMismatch,
            NameTooLong,
            FileTooLarge,
        ),
        keyed=True,
        headers={
            names.HEADER: "The file's name, at most 256 characters, in Latin-1 or percent-encoded UTF-8. "
            "Folders and invisible characters are left out. Without it, the name in Content-Disposition counts, in a "
            "form that of the part. Without any, one is made up.",
            "Content-Disposition": "Another way to name the file: `attachment; filename*=UTF-8''…` (RFC 6266).",
            DIGEST_HEADER: "The SHA-256 or SHA-512 of the body, `sha-256=:…:` (RFC 9530). If the body that arrives has "
            "another, nothing is stored.",
        },
    ),
)
def upload_file(desk: Desk, caller: Caller, mark: Mark | None) -> Response:
    """The body is the file itself, at most 40 000 000 bytes, with its media type as Content-Type; or a form with the
    file as its only part. Without a type, or with application/octet-stream, the content decides; the name's extension
    never does. An archive is looked at, and refused
    if it is made to do harm. Every upload gets a new id; `duplicateOf` tells that the company has the bytes already.
    """
    file = storing.store_file(desk, _arriving(actor_of(caller), mark))
    answer = render(STORED, file)
    answer.headers["Location"] = f"/v2/files/{file.id}"
    return answer


def _arriving(actor: Actor, mark: Mark | None) -> Upload:
    body, named = body_of(request), _named(request.headers.get(names.HEADER))
    if request.mimetype == MEDIA_TYPE:
        part = FormFile(body, request.content_length, request.headers["Content-Type"])
        return Upload(actor, part, part.media_type, None, named or part.name, mark)
    name = named or _name_in(request.headers.get("Content-Disposition", ""))
    return Upload(actor, body, request.mimetype, request.content_length, name, mark)


def _named(header: str | None) -> str | None:
    return names.read_header(header) if header else None


def _name_in(disposition: str) -> str | None:
    return names.read_extended(disposition) or _named(parse_options_header(disposition)[1].get("filename"))
