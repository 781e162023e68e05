"""The HTTP door of files."""

from __future__ import annotations

from flask import Response, request

from services.files import usecases
from services.files.domain import names
from services.files.domain.files import Actor, File, Upload
from services.files.domain.media import EXTENSIONS
from services.files.errors import (
    ContentTypeMismatch,
    EmptyFile,
    FileCorrupt,
    FileMissing,
    FileNotFound,
    FileTooLarge,
    IncompleteBody,
    NameTooLong,
    UnsupportedContentType,
)
from services.files.ports import Desk
from services.files.schemas import StoredFile
from shared.audit.door import audit_routes
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.web.routes import Answer, Operation, Raw, Routes

NAME_HEADER = "X-Hy-Filename"
MEDIA_TYPES = tuple(EXTENSIONS)

routes: Routes[Desk] = Routes("files").including(audit_routes("files"))


@routes.post(
    "/v2/files",
    Operation(
        scope="files.write",
        summary="Upload a file",
        answer=Answer(201, StoredFile),
        body=Raw(MEDIA_TYPES),
        refusals=(
            EmptyFile,
            UnsupportedContentType,
            ContentTypeMismatch,
            IncompleteBody,
            NameTooLong,
            FileTooLarge,
        ),
        keyed=True,
        headers={
            NAME_HEADER: "The file's name, at most 256 characters, in Latin-1 or percent-encoded UTF-8. "
            "Folders and invisible characters are left out. A name is made up when it is absent."
        },
    ),
)
def upload_file(desk: Desk, caller: Caller, mark: Mark | None) -> File:
    """The body is the file itself, at most 40 000 000 bytes, with its media type as Content-Type. Without one, or with
    application/octet-stream, the content decides; the name's extension never does.
    """
    name = request.headers.get(NAME_HEADER)
    upload = Upload(
        actor=_actor(caller),
        content=request.stream,
        declared_type=request.mimetype,
        declared_size=request.content_length,
        given_name=names.read_header(name) if name else None,
        mark=mark,
    )
    return usecases.store_file(desk, upload)


@routes.get(
    "/v2/files/<file_id>",
    Operation(
        scope="files.read",
        summary="Download a file",
        answer=Answer(200, media_types=MEDIA_TYPES),
        refusals=(FileNotFound, FileMissing, FileCorrupt),
    ),
)
def download_file(desk: Desk, caller: Caller, file_id: str) -> Response:
    """The bytes as they were uploaded, with X-Hy-Filename if a name was given. They are checked while they are sent: a
    file that was damaged in storage breaks off before its last bytes.
    """
    file, chunks = usecases.open_file(desk, _actor(caller), file_id)
    # A stranger's file must never act as a page of ours: saved rather than shown, and powerless if shown all the same.
    headers = {
        "Content-Length": str(file.blob.size),
        "Content-Disposition": names.attachment(file.name),
        "Content-Security-Policy": "sandbox",
    }
    if file.given_name is not None:
        headers[NAME_HEADER] = names.write_header(file.name)
    return Response(chunks, 200, headers, content_type=file.blob.media_type)


def _actor(caller: Caller) -> Actor:
    origin = caller.origin
    limited = caller.projects is not None
    return Actor(caller.company_id, caller.client_id, origin.request_id, origin.address, own_only=limited)
