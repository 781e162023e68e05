"""Downloads: whole, in parts, or only what their headers say."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, request

from services.files.api.actors import actor_of
from services.files.domain import names
from services.files.domain.digests import DIGEST_HEADER, write_digest
from services.files.domain.files import File
from services.files.domain.media import EXTENSIONS
from services.files.domain.ranges import Span, read_range
from services.files.errors import FileCorrupt, FileMissing, FileNotFound, RangeNotSatisfiable
from services.files.ports import Desk
from services.files.usecases import reading
from shared.bearer import Caller
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("files")

_TOLD = {
    "ETag": "The SHA-256 of the whole file, in hexadecimal: for If-None-Match and If-Range.",
    "Content-Disposition": "`attachment`, with the file's name.",
    names.HEADER: "The name, if one was given with the upload.",
    "Accept-Ranges": "`bytes`.",
}


@routes.get(
    "/v2/files/<file_id>",
    Operation(
        scope="files.read",
        summary="Download a file",
        answer=Answer(
            200, media_types=tuple(EXTENSIONS), tells={**_TOLD, DIGEST_HEADER: "The SHA-256 of the body (RFC 9530)."}
        ),
        also=(
            Answer(
                206,
                media_types=tuple(EXTENSIONS),
                tells={
                    **_TOLD,
                    "Content-Range": "Which part it is, and how long the file.",
                    "Repr-Digest": "The SHA-256 of the whole file (RFC 9530).",
                },
            ),
            Answer(304, tells={"ETag": _TOLD["ETag"]}),
        ),
        refusals=(FileNotFound, RangeNotSatisfiable, FileMissing, FileCorrupt),
        headers={
            "Range": "One part of the file, such as `bytes=0-1023`. Several parts are answered with the whole.",
            "If-Range": "The ETag of the file that the part must be of; for another, the whole comes.",
            "If-None-Match": "ETags of what is at hand already; if it is among them, the answer is 304.",
        },
    ),
)
def download_file(desk: Desk, caller: Caller, file_id: str) -> Response:
    """The bytes as they were uploaded, with X-Hy-Filename if a name was given. They are checked while they are sent: a
    file that was damaged in storage breaks off before its last bytes. HEAD answers the same headers, and reads nothing.
    """
    actor = actor_of(caller)
    file = reading.find_file(desk, actor, file_id)
    tag = f'"{file.blob.sha256}"'
    if request.if_none_match.contains_weak(file.blob.sha256):
        return Response(status=304, headers={"ETag": tag})
    if request.method == "HEAD":
        return _answer(file, tag, None, ())
    wanted = request.headers.get("If-Range", tag) == tag
    span = read_range(request.headers.get("Range", ""), file.blob.size) if wanted else None
    return _answer(file, tag, span, reading.open_file(desk, actor, file, span))


def _answer(file: File, tag: str, span: Span | None, chunks: Iterable[bytes]) -> Response:
    blob = file.blob
    # A stranger's file must never act as a page of ours: saved rather than shown, and powerless if shown all the same.
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Length": str(span.size if span else blob.size),
        "Content-Disposition": names.attachment(file.name),
        "Content-Security-Policy": "sandbox",
    }
    if file.given_name is not None:
        headers[names.HEADER] = names.write_header(file.name)
    if span is None:
        headers[DIGEST_HEADER] = write_digest(blob.sha256)
    else:
        headers["Content-Range"] = f"bytes {span.start}-{span.start + span.size - 1}/{blob.size}"
        headers["Repr-Digest"] = write_digest(blob.sha256)
    return Response(chunks, 206 if span else 200, headers, content_type=blob.media_type)
