"""What requests at the token, introspection and revocation endpoints must look like (RFC 6749 §2.3, §3.2)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from services.auth.errors import InvalidClient, InvalidRequest

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_ASSERTION_CHARACTERS = 8 * 1024
_MAX_MEMBERS = 20
# By each of these a request shows a secret or an assertion; RFC 6749 §2.3 allows one.
_PROOFS = ("client_secret", "client_assertion")


@dataclass(frozen=True, slots=True)
class SecretProof:
    """A client id with its secret, from the header or the form."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class AssertionProof:
    """A JWT that the client has signed (RFC 7523 §2.2), and the client id beside it if there is one."""

    assertion: str
    client_id: str | None = None


Proof = SecretProof | AssertionProof


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A well-formed request: the form's members, those without a value left out, and how the client proves itself."""

    members: Mapping[str, str]
    proof: Proof

    def required(self, name: str) -> str:
        """The value of a member that must be there, else InvalidRequest."""
        value = self.members.get(name)
        if value is None:
            raise InvalidRequest(f"{name}: it is missing. Send it in the form.")
        return value


def read_request(authorization: str | None, body: bytes) -> SignedRequest:
    """The request in an Authorization header and a form; InvalidRequest, or InvalidClient when it proves nothing."""
    members = read_form(body)
    shown = [name for name in _PROOFS if name in members]
    if len(shown) + (authorization is not None) > 1:
        raise InvalidRequest("The client proves itself in more than one way. Use one: HTTP Basic, or the form.")
    if authorization is not None:
        return SignedRequest(members, _basic_proof(authorization, members))
    return SignedRequest(members, _form_proof(members))


def requested_scopes(members: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes asked for (RFC 6749 §3.3), each once; None when the choice is left to us."""
    scope = members.get("scope")
    return None if scope is None else frozenset(filter(None, scope.split(" ")))


def read_form(body: bytes) -> Mapping[str, str]:
    """The members of a form-urlencoded body; InvalidRequest when it is none or repeats one."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MAX_MEMBERS, errors="strict")
    except ValueError as fault:
        raise InvalidRequest("The body is not form-urlencoded, or too large to be a request.") from fault
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidRequest("A parameter comes more than once. Send each once.")
    return {name: value for name, value in members.items() if value}


def read_basic(authorization: str) -> SecretProof:
    """The pair in a Basic header, each half form-urlencoded (RFC 6749 §2.3.1), or InvalidClient."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        client_id, secret = unquote_plus(user, errors="strict"), unquote_plus(password, errors="strict")
    except (binascii.Error, ValueError) as fault:
        raise InvalidClient from fault
    if not (colon and client_id and secret):
        raise InvalidClient
    return SecretProof(client_id, secret)


def _basic_proof(authorization: str, members: Mapping[str, str]) -> SecretProof:
    proof = read_basic(authorization)
    if members.get("client_id", proof.client_id) != proof.client_id:
        raise InvalidRequest("client_id: it is not the one in the Authorization header. Leave it out.")
    return proof


def _form_proof(members: Mapping[str, str]) -> Proof:
    client_id, secret, assertion = map(members.get, ("client_id", *_PROOFS))
    if assertion is not None:
        if members.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidRequest(f"client_assertion_type: send {ASSERTION_TYPE} with a client_assertion.")
        if len(assertion) > MAX_ASSERTION_CHARACTERS:
            raise InvalidClient
        return AssertionProof(assertion, client_id)
    if not (client_id and secret):
        raise InvalidClient
    return SecretProof(client_id, secret)
