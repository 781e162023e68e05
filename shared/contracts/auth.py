"""What auth promises: the trust document by which tokens are checked, and the claims that its tokens carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TOKEN_PATH = "/v2/auth/token"  # noqa: S105
INTROSPECTION_PATH = "/v2/auth/introspect"
REVOCATION_PATH = "/v2/auth/revoke"
JWKS_PATH = "/.well-known/jwks.json"
METADATA_PATH = "/.well-known/oauth-authorization-server"
TRUST_PATH = "/internal/trust"
# POST {"key": …} with X-Forwarded-For gives {"access_token", "token_type", "expires_in", "scope"}, or 401 or 429.
API_KEY_EXCHANGE_PATH = "/internal/api-keys/exchange"
# In 200 answers of the token endpoint and of the exchange, for the gateway alone: to whom the call is charged.
CLIENT_HEADER = "X-Paperlane-Client"
PLAN_HEADER = "X-Paperlane-Plan"
# By how much the clocks of two machines may differ.
LEEWAY_SECONDS = 30
AUDIENCE = "urn:paperlane:api"
# The answers to clients of which this is set show the states of the published contract only.
DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe. `keys` are public JWKs (RFC 7517); times are seconds since 1970.

    `revoked` maps a token's `jti` to its expiry, `revoked_before` a client to the moment before which its tokens are
    void. Whoever is disabled or revoked long enough for every token of his to have expired is no longer listed.
    """

    issuer: str
    keys: tuple[dict[str, Any], ...]
    revoked: dict[str, int] = field(default_factory=dict)
    revoked_before: dict[str, int] = field(default_factory=dict)
    disabled_clients: tuple[str, ...] = ()
    disabled_companies: tuple[str, ...] = ()
    revoked_api_keys: tuple[str, ...] = ()


# Claims of an access token beyond RFC 9068. Those but the first are left out where they do not limit.
COMPANY_CLAIM = "company_id"
PLAN_CLAIM = "plan"  # the name of the client's plan, left out for the default one
PROJECTS_CLAIM = "projects"  # list of project ids: the only ones the client may see
NETWORKS_CLAIM = "networks"  # list of CIDRs: where the client may call from
STATES_CLAIM = "states"  # DOCUMENTED
API_KEY_CLAIM = "api_key"  # the id of the API key that the token was given for
