"""What the gateway reads from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.plans import Plan
from shared.settings import AuditSettings, HttpProcess, Reader

# The services behind the gateway: each prints a part of the OpenAPI document, each has an address in the environment.
SERVICES = ("auth", "files", "documents")


@dataclass(frozen=True, slots=True)
class Settings:
    """`upstreams` are the services' internal addresses; `upstream_seconds` is how long one may be silent. `plans` say
    how often clients may ask, which is counted at `mongodb_url`; the audit log is there too.
    """

    process: HttpProcess
    base_url: str
    upstreams: Mapping[str, str]
    upstream_seconds: float
    plans: Mapping[str, Plan]
    mongodb_url: str
    audit: AuditSettings


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        process=env.http_process(),
        base_url=env.http_url("BASE_URL"),
        upstreams={service: env.url(f"{service.upper()}_URL", ("http",)) for service in SERVICES},
        upstream_seconds=env.integer("UPSTREAM_SECONDS", 60, minimum=1),
        plans=env.plans(),
        mongodb_url=env.mongodb_url(),
        audit=env.audit(),
    )
    env.finish()
    return settings
