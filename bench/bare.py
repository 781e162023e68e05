"""What there is to compare the token endpoint with: a Flask view that signs an ES256 token and does nothing else."""

from __future__ import annotations

import secrets
import time

from flask import Flask, jsonify, request
from flask.wrappers import Response
from joserfc import jwt
from joserfc.jwk import ECKey

app = Flask(__name__)
key = ECKey.generate_key("P-256")


@app.post("/token")
def issue_token() -> Response:
    now = int(time.time())
    assert request.form["grant_type"] == "client_credentials"
    claims = {
        "iss": "http://127.0.0.1",
        "sub": "client",
        "aud": "api",
        "exp": now + 3600,
        "iat": now,
        "jti": secrets.token_urlsafe(16),
        "client_id": "client",
        "scope": "documents.read",
    }
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "key"}, claims, key)
    return jsonify(access_token=token, token_type="Bearer", expires_in=3600, scope=claims["scope"])
