"""The pages of a document: text, words, pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from services.documents.api.actors import actor_of
from services.documents.errors import (
    DocumentNotFound,
    NotRead,
    PageNotFound,
    PagesCorrupt,
    PagesMissing,
    PictureNotFound,
)
from services.documents.ports import Desk
from services.documents.schemas import pages as schemas
from services.documents.usecases import pages
from shared.bearer import Caller
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("documents")

JSON, PLAIN = "application/json", "text/plain"
_REFUSALS = (DocumentNotFound, NotRead, PagesMissing, PagesCorrupt)
_VARY = {"Vary": "Accept"}
_TAG = {"ETag": "For If-None-Match."}


@routes.get(
    "/v2/documents/<document_id>/text",
    Operation(
        scope="documents.read",
        summary="Read a document's text",
        answer=Answer(200, schemas.DocumentText, media_types=(PLAIN,), headers=_VARY, tells={"Vary": "`Accept`."}),
        refusals=_REFUSALS,
    ),
)
def show_text(desk: Desk, caller: Caller, document_id: str) -> Response | Mapping[str, Any]:
    """What is written on the pages, in the order of reading. To whom `text/plain` is dearest in `Accept` it comes as
    nothing else, with a form feed between pages.
    """
    read = pages.get_pages(desk, actor_of(caller).reach, document_id)
    if request.accept_mimetypes.best_match([JSON, PLAIN]) == PLAIN:
        return Response("\f".join(page.text for page in read), headers=_VARY, content_type=f"{PLAIN}; charset=utf-8")
    return {"pages": read}


@routes.get(
    "/v2/documents/<document_id>/tables",
    Operation(
        scope="documents.read",
        summary="Read a document's tables",
        answer=Answer(200, schemas.DocumentTables),
        refusals=_REFUSALS,
    ),
)
def show_tables(desk: Desk, caller: Caller, document_id: str) -> Mapping[str, Any]:
    """What is printed in rows and columns, whatever it means: three columns and rows at least. A table that goes on on
    another page is one for each.
    """
    return {"tables": pages.get_tables(desk, actor_of(caller).reach, document_id)}


@routes.get(
    "/v2/documents/<document_id>/pages/<page>/words",
    Operation(
        scope="documents.read",
        summary="Read the words of a page",
        answer=Answer(200, schemas.PageWords),
        refusals=(*_REFUSALS, PageNotFound),
    ),
)
def show_words(desk: Desk, caller: Caller, document_id: str, page: str) -> Mapping[str, Any]:
    """Each word with its place, as fractions of the page, and how surely it was read."""
    read, words = pages.get_words(desk, actor_of(caller).reach, document_id, _number(page))
    members = ("number", "source", "width", "height", "turned")
    return {"words": words, **{name: getattr(read, name) for name in members}}


@routes.get(
    "/v2/documents/<document_id>/pages/<page>.png",
    Operation(
        scope="documents.read",
        summary="See a page",
        answer=Answer(200, media_types=("image/png",), tells=_TAG),
        query=schemas.PictureQuery,
        also=(Answer(304, tells=_TAG),),
        refusals=(*_REFUSALS, PageNotFound, PictureNotFound),
        headers={"If-None-Match": "ETags of what is at hand already; if it is among them, the answer is 304."},
    ),
)
def show_picture(desk: Desk, caller: Caller, document_id: str, page: str, query: Mapping[str, Any]) -> Response:
    """The page as it was read, in greys: regions and words lie on it as they are told. There are pictures of the first
    50 pages.
    """
    number = _number(page)
    kept, picture = pages.find_picture(desk, actor_of(caller).reach, document_id, number, query["width"])
    # Whoever keeps it asks again each time: processing again may give another picture, deleting none.
    headers = {"ETag": f'"{picture.part.sha256}"', "Cache-Control": "private, no-cache"}
    if request.if_none_match.contains_weak(picture.part.sha256):
        return Response(status=304, headers=headers)
    return Response(pages.open_picture(desk, kept, picture), headers=headers, content_type="image/png")


def _number(page: str) -> int:
    """The number in a path; 0, which no page has, for anything else."""
    return int(page) if re.fullmatch("[1-9][0-9]{0,5}", page) else 0
