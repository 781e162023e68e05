"""The client credentials grant (RFC 6749 §4.4) on Authlib. `domain` refuses beforehand what it would let pass."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, errors
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from services.auth.domain.clients import Client, Peppers, grant_scopes
from services.auth.domain.requests import TokenRequest
from services.auth.errors import InvalidClient, UnsupportedGrantType
from services.auth.ports import Directory, IssuedToken, Signer
from shared.clock import Clock

# Authlib refuses http URLs; TLS ends before this process, so the request is taken as having come by it.
_ENDPOINT = "https://token.invalid/"


class AuthlibGrants:
    """The `Grants` port."""

    def __init__(self, directory: Directory, signer: Signer, peppers: Peppers, clock: Clock) -> None:
        self._server = _Server(directory, signer, peppers, clock)
        self._server.register_grant(_ClientCredentials)

    def issue(self, request: TokenRequest) -> IssuedToken:
        try:
            grant = self._server.get_token_grant(_Request(request))
            grant.validate_token_request()
        except errors.UnsupportedGrantTypeError as fault:
            raise UnsupportedGrantType("Only grant_type=client_credentials is served.") from fault
        except errors.InvalidClientError as fault:
            raise InvalidClient from fault
        token: IssuedToken = grant.create_token_response()
        return token


class _Request(OAuth2Request):  # type: ignore[misc]
    """The token request as Authlib reads it: credentials in the header, the rest in the payload."""

    def __init__(self, request: TokenRequest) -> None:
        pair = f"{quote(request.client_id, safe='')}:{quote(request.client_secret, safe='')}"
        basic = "Basic " + base64.b64encode(pair.encode()).decode()
        super().__init__("POST", _ENDPOINT, headers={"Authorization": basic})
        self.payload = BasicOAuth2Payload({"grant_type": request.grant_type})
        self.scopes = request.scopes


class _ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def validate_requested_scope(self) -> None:
        self.request.scopes = grant_scopes(self.request.client.client, self.request.scopes)

    def create_token_response(self) -> IssuedToken:
        """Signed, not stored; Authlib's own would write the token into its debug log."""
        issued: IssuedToken = self.server.signer.sign(self.request.client.client, self.request.scopes)
        return issued


class _Server(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server without a web framework."""

    def __init__(self, directory: Directory, signer: Signer, peppers: Peppers, clock: Clock) -> None:
        super().__init__()
        self.signer = signer
        self._directory = directory
        self._peppers = peppers
        self._clock = clock

    def query_client(self, client_id: str) -> _Client:
        return _Client(self._directory.client(client_id), self._peppers, self._clock)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


class _Client(ClientMixin):  # type: ignore[misc]
    """A client, or the lack of one, as Authlib sees it; checking a secret takes as long for both."""

    def __init__(self, client: Client | None, peppers: Peppers, clock: Clock) -> None:
        self.client = client
        self._peppers = peppers
        self._clock = clock

    def check_client_secret(self, client_secret: str) -> bool:
        return self._peppers.vouches(self.client, client_secret, self._clock())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic" and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"
