"""E-mails that documents arrived by."""

from __future__ import annotations

from services.documents.errors import EmailNotFound
from services.documents.ports import Desk
from shared.bearer import Caller
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("documents")


@routes.get(
    "/v2/emails/<document_id>/content",
    Operation(
        scope="emails.read",
        summary="Read the e-mail that a document arrived by",
        answer=Answer(200, media_types=("application/pdf",)),
        refusals=(EmailNotFound,),
    ),
)
def show_email(desk: Desk, caller: Caller, document_id: str) -> None:
    """The e-mail and its attachments as one PDF; the id is that of the document. No document arrives by e-mail yet, so
    the answer is always 404: taking in e-mails comes in a later release.
    """
    raise EmailNotFound
