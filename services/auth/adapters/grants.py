"""The grants of the token endpoint, on Authlib: which there are, and the order of their steps (RFC 6749 §4.4)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, errors
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from services.auth.domain.clients import Client
from services.auth.domain.requests import GRANT_TYPE, SignedRequest
from services.auth.domain.tokens import IssuedToken
from services.auth.errors import UnsupportedGrantType
from services.auth.ports.tokens import Steps

# Authlib refuses http URLs; TLS ends before this process, so the request is taken as having come by it.
_ENDPOINT = "https://token.invalid/"


class AuthlibGrants:
    """The `Grants` port."""

    def __init__(self) -> None:
        self._server = _Server()
        self._server.register_grant(_ClientCredentials)

    def run(self, request: SignedRequest, steps: Steps) -> IssuedToken:
        try:
            grant = self._server.get_token_grant(_Request(request, steps))
            grant.validate_token_request()
        except errors.UnsupportedGrantTypeError as fault:
            raise UnsupportedGrantType(f"Only grant_type={GRANT_TYPE} is served.") from fault
        token: IssuedToken = grant.create_token_response()
        return token


class _Request(OAuth2Request):  # type: ignore[misc]
    """The token request as Authlib reads it, with the steps that this one takes."""

    def __init__(self, request: SignedRequest, steps: Steps) -> None:
        super().__init__("POST", _ENDPOINT)
        self.payload = BasicOAuth2Payload(request.members)
        self.steps = steps
        self.granted: frozenset[str] = frozenset()


class _ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    def validate_requested_scope(self) -> None:
        self.request.granted = self.request.steps.scopes(self.request.client.client)

    def create_token_response(self) -> IssuedToken:
        """Signed, not stored; Authlib's own would write the token into its debug log."""
        issued: IssuedToken = self.request.steps.issue(self.request.client.client, self.request.granted)
        return issued


class _Server(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server without a web framework. Its own ways to authenticate a client tell too much and see too little:
    ours take their place.
    """

    def authenticate_client(self, request: _Request, *_: Any) -> _Party:
        return _Party(request.steps.authenticate())

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


class _Party(ClientMixin):  # type: ignore[misc]
    """A client as Authlib sees it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT_TYPE
