"""From what was asked to what will run: every part with its command, ports and settings, and the files they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperlane.local import supervision
from paperlane.local.credentials import SIGNING_KEYS, Credentials
from paperlane.local.home import Home
from paperlane.local.parts import RECIPES, Part
from paperlane.local.servers import mongodb, rabbitmq, s3
from paperlane.local.services import SECRET, SERVICES, Service, part
from paperlane.local.settings import StackSettings

COMPANY = "Local company"
PLAN = "local"


@dataclass(frozen=True, slots=True)
class Plan:
    """`servers` come before `services`, each in the order of starting. `files` are named relative to the home. `local`
    is local.json without what is learnt later: the process ids and the project.
    """

    servers: tuple[Part, ...]
    services: tuple[Part, ...]
    files: Mapping[str, str]
    local: Mapping[str, Any]


def port_names(settings: StackSettings, services: Sequence[Service] = SERVICES) -> Iterator[str]:
    """The ports to be picked: all but the gateway's."""
    if not settings.mongodb_url:
        yield "mongodb"
    if not settings.rabbitmq_url:
        yield from ("rabbitmq", "rabbitmq-nodes", "epmd")
    if not settings.s3:
        yield "s3"
    for service in services:
        yield from (name for name in service.ports if name != "gateway")


def make_plan(
    home: Home, settings: StackSettings, ports: Mapping[str, int], services: Sequence[Service] = SERVICES
) -> Plan:
    """The plan of `home`, with a port for each of `port_names`. Makes the home's credentials when it has none."""
    ports = {**ports, "gateway": settings.port}
    return _Planner(home, settings, ports, Credentials.of(home)).plan(services)


@dataclass(frozen=True, slots=True)
class _Planner:
    home: Home
    settings: StackSettings
    ports: Mapping[str, int]
    credentials: Credentials

    def plan(self, table: Sequence[Service]) -> Plan:
        servers = self._servers()
        urls = {server.name: server.url for server in servers}
        services, files = [], self._broker_files()
        for service in table:
            environment, secrets = self._environment(service, urls)
            services.append(part(service, self.ports, environment))
            files |= secrets
        started = [planned for planned in (*servers, *services) if planned.command]
        files |= {f"{RECIPES}/{planned.name}.json": planned.recipe() for planned in started}
        files[supervision.CONFIGURATION] = supervision.configuration(started)
        return Plan(servers, tuple(services), files, self._local(servers, services))

    @property
    def _base_url(self) -> str:
        return self._url("gateway")

    @property
    def _account(self) -> s3.Account:
        own = self.credentials
        return self.settings.s3 or s3.Account(self._url("s3"), own.s3_access_key, own.s3_secret_key)

    def _url(self, port: str) -> str:
        return f"http://127.0.0.1:{self.ports[port]}"

    def _servers(self) -> tuple[Part, ...]:
        home, asked, ports = self.home, self.settings, self.ports
        return (
            mongodb.given(asked.mongodb_url) if asked.mongodb_url else mongodb.started(home, ports["mongodb"]),
            *(
                (rabbitmq.given(asked.rabbitmq_url),)
                if asked.rabbitmq_url
                else rabbitmq.started(home, ports, self.credentials.rabbitmq_password)
            ),
            s3.given(asked.s3) if asked.s3 else s3.started(home, ports["s3"], self._account),
        )

    def _broker_files(self) -> dict[str, str]:
        own, asked = self.credentials, self.settings
        if asked.rabbitmq_url:
            return {}
        return rabbitmq.files(self.ports["rabbitmq"], own.rabbitmq_password, own.rabbitmq_cookie, asked.vhosts)

    def _environment(self, service: Service, urls: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """The variables of `service`, and the files in which the secret ones of its settings lie."""
        values = self._values() | {
            "PAPERLANE_MONGODB_URL": mongodb.database_url(urls["mongodb"], service.database),
            "PAPERLANE_RABBITMQ_URL": urls["rabbitmq"],
        }
        given = [name for name in service.settings if values[name]]
        secrets = {f"run/settings/{service.name}/{name}": values[name] for name in given if name in SECRET}
        environment = {name: values[name] for name in given if name not in SECRET}
        environment |= {f"{Path(file).name}_FILE": str(self.home.path / file) for file in secrets}
        return environment, secrets

    def _values(self) -> dict[str, str]:
        """Every setting that is the same for all services."""
        own, asked, account = self.credentials, self.settings, self._account
        return {
            "PAPERLANE_BASE_URL": self._base_url,
            "PAPERLANE_AUTH_URL": self._url("auth"),
            "PAPERLANE_FILES_URL": self._url("files"),
            "PAPERLANE_DOCUMENTS_URL": self._url("documents"),
            "PAPERLANE_TRUSTED_PROXIES": "127.0.0.1/32",
            "PAPERLANE_S3_URL": account.url,
            "PAPERLANE_S3_ACCESS_KEY": account.access_key,
            "PAPERLANE_S3_SECRET_KEY": account.secret_key,
            "PAPERLANE_S3_REGION": asked.s3_region,
            "PAPERLANE_FILES_BUCKET": asked.files_bucket,
            "PAPERLANE_EXTRACTS_BUCKET": asked.extracts_bucket,
            "PAPERLANE_SIGNING_KEYS": str(self.home.path / SIGNING_KEYS),
            "PAPERLANE_SECRET_PEPPER": own.pepper,
            "PAPERLANE_SECRET_PEPPER_PREVIOUS": own.previous_pepper,
            "PAPERLANE_AUDIT_KEY": own.audit_key,
            "PAPERLANE_AUDIT_SPOOL": str(self.home.path / "data/audit"),
            "PAPERLANE_PLANS": asked.plans,
            "PAPERLANE_FIRST_COMPANY": COMPANY,
            "PAPERLANE_FIRST_COMPANY_ID": own.company_id,
            "PAPERLANE_FIRST_CLIENT_ID": own.client_id,
            "PAPERLANE_FIRST_CLIENT_SECRET": own.client_secret,
            "PAPERLANE_FIRST_CLIENT_PLAN": PLAN,
            "PAPERLANE_FIRST_API_KEY": own.api_key,
        }

    def _local(self, servers: Sequence[Part], services: Sequence[Part]) -> dict[str, Any]:
        own, account = self.credentials, self._account
        called: dict[str, dict[str, Any]] = {
            server.name: {"url": server.url, "pid": None} for server in servers if server.name != rabbitmq.PORT_MAPPER
        }
        called["s3"] |= {"access_key": account.access_key, "secret_key": account.secret_key}
        return {
            "base_url": self._base_url,
            "token_url": f"{self._base_url}/v2/auth/token",
            "client_id": own.client_id,
            "client_secret": own.client_secret,
            "company_id": own.company_id,
            "api_key": own.api_key,
            "services": {
                service.name: {"url": service.url, "ops_url": service.ops_url, "pid": None} for service in services
            },
            "servers": called,
        }
