"""What the gateway reads from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Reader

# The services behind the gateway: each prints a part of the OpenAPI document, each has an address in the environment.
SERVICES = ("auth", "files", "documents")


@dataclass(frozen=True, slots=True)
class Settings:
    """`upstreams` are the services' internal addresses; `upstream_seconds` is how long one may be silent."""

    bind: str
    ops_bind: str
    log_level: str
    base_url: str
    upstreams: Mapping[str, str]
    upstream_seconds: float


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        bind=env.text("BIND"),
        ops_bind=env.text("OPS_BIND"),
        log_level=env.text("LOG_LEVEL", "INFO"),
        base_url=env.url("BASE_URL", ("http", "https")),
        upstreams={service: env.url(f"{service.upper()}_URL", ("http",)) for service in SERVICES},
        upstream_seconds=env.integer("UPSTREAM_SECONDS", 60, minimum=1),
    )
    env.finish()
    return settings
