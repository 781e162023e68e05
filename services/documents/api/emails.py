"""E-mails that documents arrived by."""

from __future__ import annotations

from flask import Response

from services.documents.api.actors import actor_of
from services.documents.errors import EmailCorrupt, EmailMissing, EmailNotFound
from services.documents.ports import Desk
from services.documents.usecases import mails
from shared.bearer import Caller
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("documents")

PDF = "application/pdf"


@routes.get(
    "/v2/emails/<document_id>/content",
    Operation(
        scope="emails.read",
        summary="Read the e-mail that a document arrived by",
        answer=Answer(200, media_types=(PDF,), tells={"Content-Disposition": "`attachment`, with a name."}),
        refusals=(EmailNotFound, EmailMissing, EmailCorrupt),
    ),
)
def show_email(desk: Desk, caller: Caller, document_id: str) -> Response:
    """The e-mail and its attachments as one PDF; the id is that of the document, or of one that was found in it. The
    e-mail is there once the document was read; it goes with the document whose file it is.
    """
    chunks = mails.open_mail(desk, actor_of(caller).reach, document_id)
    headers = {
        "Content-Disposition": f'attachment; filename="email-{document_id}.pdf"',
        # A stranger wrote it: it must never act as a page of ours.
        "Content-Security-Policy": "sandbox",
    }
    return Response(chunks, headers=headers, content_type=PDF)
