"""Downloads."""

from __future__ import annotations

from flask import Response

from services.files import usecases
from services.files.api.actors import actor_of
from services.files.domain import names
from services.files.domain.media import EXTENSIONS
from services.files.errors import FileCorrupt, FileMissing, FileNotFound
from services.files.ports import Desk
from shared.bearer import Caller
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("files")


@routes.get(
    "/v2/files/<file_id>",
    Operation(
        scope="files.read",
        summary="Download a file",
        answer=Answer(200, media_types=tuple(EXTENSIONS)),
        refusals=(FileNotFound, FileMissing, FileCorrupt),
    ),
)
def download_file(desk: Desk, caller: Caller, file_id: str) -> Response:
    """The bytes as they were uploaded, with X-Hy-Filename if a name was given. They are checked while they are sent: a
    file that was damaged in storage breaks off before its last bytes.
    """
    file, chunks = usecases.open_file(desk, actor_of(caller), file_id)
    # A stranger's file must never act as a page of ours: saved rather than shown, and powerless if shown all the same.
    headers = {
        "Content-Length": str(file.blob.size),
        "Content-Disposition": names.attachment(file.name),
        "Content-Security-Policy": "sandbox",
    }
    if file.given_name is not None:
        headers[names.HEADER] = names.write_header(file.name)
    return Response(chunks, 200, headers, content_type=file.blob.media_type)
