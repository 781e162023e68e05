"""The table of the services: which module each is, and which settings it gets."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from paperlane.local.parts import Part, answers

_S3 = (
    "PAPERLANE_S3_URL",
    "PAPERLANE_S3_ACCESS_KEY",
    "PAPERLANE_S3_SECRET_KEY",
    "PAPERLANE_S3_REGION",
)
_FILES = (*_S3, "PAPERLANE_FILES_BUCKET")
_EXTRACTS = (*_S3, "PAPERLANE_EXTRACTS_BUCKET")
_BASE = "PAPERLANE_BASE_URL"
_AUTH = "PAPERLANE_AUTH_URL"
_PROXIES = "PAPERLANE_TRUSTED_PROXIES"
_FIRST_COMPANY = (
    "PAPERLANE_FIRST_COMPANY",
    "PAPERLANE_FIRST_COMPANY_ID",
    "PAPERLANE_FIRST_CLIENT_ID",
    "PAPERLANE_FIRST_CLIENT_SECRET",
    "PAPERLANE_FIRST_CLIENT_PLAN",
    "PAPERLANE_FIRST_API_KEY",
)
_PEPPERS = ("PAPERLANE_SECRET_PEPPER", "PAPERLANE_SECRET_PEPPER_PREVIOUS")
_PLANS = "PAPERLANE_PLANS"
_AUDIT = ("PAPERLANE_AUDIT_KEY", "PAPERLANE_AUDIT_SPOOL")
_MONGODB = "PAPERLANE_MONGODB_URL"
_RABBITMQ = "PAPERLANE_RABBITMQ_URL"
_UPSTREAMS = ("PAPERLANE_FILES_URL", "PAPERLANE_DOCUMENTS_URL")

# Their values lie in files (NAME_FILE) instead of the environment.
SECRET = frozenset(
    {
        _MONGODB,
        _RABBITMQ,
        "PAPERLANE_S3_SECRET_KEY",
        *_PEPPERS,
        "PAPERLANE_AUDIT_KEY",
        "PAPERLANE_FIRST_CLIENT_SECRET",
        "PAPERLANE_FIRST_API_KEY",
    }
)


@dataclass(frozen=True, slots=True)
class Service:
    """`settings` names what it reads, whether or not it must be there; `database` its database when that is one of
    them; `http`: it takes requests.
    """

    name: str
    module: str
    settings: tuple[str, ...]
    database: str = ""
    http: bool = True

    @property
    def ports(self) -> tuple[str, ...]:
        """The names of its ports: requests and operators."""
        return (self.name, f"{self.name}-ops") if self.http else (f"{self.name}-ops",)


SERVICES = (
    Service(
        "auth",
        "services.auth.app",
        (_BASE, _PROXIES, _PLANS, "PAPERLANE_SIGNING_KEYS", *_PEPPERS, *_FIRST_COMPANY, *_AUDIT, _MONGODB),
        "auth",
    ),
    Service("auth-worker", "services.auth.worker", (*_AUDIT, _MONGODB, _RABBITMQ), "auth", http=False),
    Service("files", "services.files.app", (_AUTH, _PROXIES, *_FILES, *_AUDIT, _MONGODB), "files"),
    Service("files-worker", "services.files.worker", (*_FILES, *_AUDIT, _MONGODB, _RABBITMQ), "files", http=False),
    Service("documents", "services.documents.app", (_BASE, _AUTH, _PROXIES, *_FILES, *_AUDIT, _MONGODB), "documents"),
    Service(
        "documents-worker",
        "services.documents.worker",
        (_BASE, *_FILES, *_AUDIT, _MONGODB, _RABBITMQ),
        "documents",
        http=False,
    ),
    Service("extraction", "services.extraction.worker", (*_EXTRACTS, _MONGODB, _RABBITMQ), "extraction", http=False),
    Service("gateway", "gateway.app", (_BASE, _AUTH, *_UPSTREAMS, _PLANS, *_AUDIT, _MONGODB), "gateway"),
)


def part(service: Service, ports: Mapping[str, int], environment: Mapping[str, str]) -> Part:
    """The service as a part, with the ports that its `ports` name."""
    ops = f"127.0.0.1:{ports[f'{service.name}-ops']}"
    listens_on = ports[service.name] if service.http else None
    binds = {"PAPERLANE_OPS_BIND": ops} | ({"PAPERLANE_BIND": "fd://0"} if service.http else {})
    return Part(
        name=service.name,
        kind="service",
        url=f"http://127.0.0.1:{listens_on}" if service.http else f"http://{ops}",
        healthy=lambda: answers(f"http://{ops}/health/ready"),
        # -P: the stack's home, where it runs, is no place to import from.
        command=(sys.executable, "-P", "-m", service.module),
        environment={**environment, **binds},
        ops_url=f"http://{ops}",
        listens_on=listens_on,
        stop_seconds=35,
    )
