"""What others check tokens by."""

from __future__ import annotations

import hashlib

from flask import request
from werkzeug.wrappers import Response

from services.auth.ports import Desk
from services.auth.usecases import trust
from shared.contracts.auth import TRUST_PATH
from shared.contracts.envelope import write_json
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.get(TRUST_PATH, Operation(scope=None, summary="Public keys and revocations", answer=Answer(200)))
def show_trust(desk: Desk) -> Response:
    body = write_json(trust.show_trust(desk))
    response = Response(body, content_type="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest())
    return response.make_conditional(request)
