"""What auth refuses. Refusals of the token endpoint carry the codes of RFC 6749 §5.2.

Refusal
├── InvalidRequest         400  invalid_request
├── UnauthorizedClient     400  unauthorized_client
├── UnsupportedGrantType   400  unsupported_grant_type
├── InvalidScope           400  invalid_scope
├── InvalidClient          401  invalid_client
└── BeyondOwnRights        403  access_forbidden
TooManyRequests
└── TooManyFailures        429  rate_limited
Unauthenticated
└── InvalidApiKey          401  authentication_failed
BadRequest
├── ClientContradicts      400  bad_request
└── UnknownPlan            400  bad_request
NotFound
├── CompanyNotFound        404  not_found
├── ClientNotFound         404  not_found
├── SecretNotFound         404  not_found
├── UserNotFound           404  not_found
└── ApiKeyNotFound         404  not_found
Conflict
├── ClientConflict         409  conflict_status
├── LockOut                409  conflict_status
├── Overtaken              409  conflict_status
└── AnswerLost             409  conflict_status
"""

from __future__ import annotations

import math

from shared.errors import BadRequest, Conflict, NotFound, Refusal, TooManyRequests, Unauthenticated


class InvalidRequest(Refusal):
    code, status, title = "invalid_request", 400, "Bad request"
    sample = ("grant_type: it is missing. Send it in the form.",)


class UnauthorizedClient(Refusal):
    code, status, title = "unauthorized_client", 400, "Bad request"
    sample = ("The client has no scopes, so there is no token for it. Have it given some.",)


class UnsupportedGrantType(Refusal):
    code, status, title = "unsupported_grant_type", 400, "Bad request"
    sample = ("Only grant_type=client_credentials is served.",)


class InvalidScope(Refusal):
    code, status, title = "invalid_scope", 400, "Bad request"
    sample = ("The client may not have documents.write. Ask for less.",)


class InvalidClient(Refusal):
    """Whatever is wrong with the client or its proof reads the same, so that nobody learns which clients exist."""

    code, status, title = "invalid_client", 401, "Authentication failed"

    def __init__(self) -> None:
        super().__init__(
            "The client credentials are not valid. Send client id and secret by HTTP Basic.",
            {"WWW-Authenticate": 'Basic realm="paperlane", charset="UTF-8"'},
        )


class InvalidApiKey(Unauthenticated):
    """Unknown, revoked, of a disabled client, from a network that the client does not allow: it reads the same."""

    def __init__(self) -> None:
        super().__init__("The API key is not valid.")


class TooManyFailures(TooManyRequests):
    """Somebody guesses. Whether there is such a client cannot be told from it; the right secret is still accepted."""

    sample = (30,)

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "Too many wrong credentials for this client from this address. Wait as long as Retry-After says.",
            math.ceil(seconds),
        )


class CompanyNotFound(NotFound):
    """The caller may see no company with this id."""

    def __init__(self) -> None:
        super().__init__("There is no company with this id. GET /v2/companies lists them.")


class ClientNotFound(NotFound):
    """No client of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no client with this id. GET /v2/clients lists them.")


class SecretNotFound(NotFound):
    """The client has no live secret with this id."""

    def __init__(self) -> None:
        super().__init__("The client has no live secret with this id. GET /v2/clients/{id} lists them.")


class ApiKeyNotFound(NotFound):
    """The client has no API key with this id."""

    def __init__(self) -> None:
        super().__init__("The client has no API key with this id. GET /v2/clients/{id}/api-keys lists them.")


class UserNotFound(NotFound):
    """No user of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no user with this id. GET /v2/users lists them.")


class BeyondOwnRights(Refusal):
    """Nobody gives away what he does not have."""

    code, status, title = "access_forbidden", 403, "Access forbidden"
    sample = ("Your own token lacks documents.write. Nobody gives scopes that he lacks.",)


class ClientContradicts(BadRequest):
    """The client would be one that cannot work."""

    sample = ("jwks: authMethod private_key_jwt needs the client's public keys. Send them.",)


class ClientConflict(Conflict):
    """What the client is at present does not allow it."""

    sample = ("It is the client's last secret. Rotate first, or disable the client.",)


class LockOut(Conflict):
    """The caller would lose its own way in."""

    sample = ("disabled: a client cannot disable itself. Have another client do it.",)


class Overtaken(Conflict):
    """Another change was faster."""

    def __init__(self) -> None:
        super().__init__("It was changed by others at the same time. Send the request again.")


class UnknownPlan(BadRequest):
    """No plan of this name is configured."""

    sample = ("plan: there is no plan premium. There are anonymous, default.",)


class AnswerLost(Conflict):
    """The request was done before, and its answer cannot be shown again: the pepper it was sealed with is gone."""

    def __init__(self) -> None:
        super().__init__("This was done before, but its answer cannot be shown again. Look at what it made, or rotate.")
