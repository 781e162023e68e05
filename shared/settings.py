"""Settings from the environment, read once: every name may also come as NAME_FILE, and all faults are told at once."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from environs import EnvValidationError, FileAwareEnv
from marshmallow import ValidationError, validate

from shared.addresses import Network, read_networks
from shared.plans import STANDARD, Plan, read_plans

PREFIX = "PAPERLANE_"
# A secret of at least this many characters is one that a machine made.
LONG = 32
# Fewer different characters than 32 random hex digits have but once in a hundred million.
_FEWEST_CHARACTERS = 6
_PLACEHOLDERS = re.compile(
    r"change.?(me|this|it)|placeholder|replace|example|default|your.?secret|password", re.IGNORECASE
)
Value = TypeVar("Value")


class SettingsFault(SystemExit):
    """The environment does not describe a service that could start; the text lists every fault with its variable."""


@dataclass(frozen=True, slots=True)
class Process:
    """What every process is told: where operators find it (`host:port`), and how much it logs."""

    ops_bind: str
    log_level: str


@dataclass(frozen=True, slots=True)
class HttpProcess(Process):
    """`bind` is `host:port`, or `fd://0` for a listening socket that was handed down. `trusted_proxies` are the
    networks of those whose X-Forwarded-For is believed.
    """

    bind: str
    trusted_proxies: tuple[Network, ...]


@dataclass(frozen=True, slots=True)
class BusProcess(Process):
    """`retry_seconds` are the pauses before a message that failed is tried again."""

    rabbitmq_url: str
    retry_seconds: tuple[float, ...]


class ObjectStorage(NamedTuple):
    """An S3 account, in the order in which `shared.storage.S3Store` takes it."""

    url: str
    access_key: str
    secret_key: str
    region: str


class AuditSettings(NamedTuple):
    """The keys of audit chains, of which the first seals and all verify, and the folder where the count of this
    process's chain survives a kill.
    """

    keys: tuple[str, ...]
    spool: Path


class Reader:
    """Reads typed settings named without the prefix `PAPERLANE_`; call `finish()` before using any of them."""

    def __init__(self) -> None:
        self._env = FileAwareEnv(eager=False, prefix=PREFIX, strip_whitespace=True)
        self._unreadable: dict[str, str] = {}

    def http_process(self) -> HttpProcess:
        bind = self.text("BIND", pattern=r"(fd://\d+|.+:\d+)\Z")
        proxies = self.parsed("TRUSTED_PROXIES", "", read_networks)
        return HttpProcess(**self._process(), bind=bind, trusted_proxies=proxies)

    def bus_process(self) -> BusProcess:
        rabbitmq_url = self.url("RABBITMQ_URL", ("amqp", "amqps"))
        retry_seconds = self.numbers("RETRY_SECONDS", (5, 60, 600))
        return BusProcess(**self._process(), rabbitmq_url=rabbitmq_url, retry_seconds=retry_seconds)

    def object_storage(self) -> ObjectStorage:
        return ObjectStorage(
            url=self.http_url("S3_URL"),
            access_key=self.secret("S3_ACCESS_KEY"),
            secret_key=self.secret("S3_SECRET_KEY"),
            region=self.text("S3_REGION", "us-east-1"),
        )

    def audit(self) -> AuditSettings:
        spool = self.text("AUDIT_SPOOL", f"{tempfile.gettempdir()}/paperlane-audit")
        keys = self.secret("AUDIT_KEY", minimum=LONG, pattern=r"\S{32,}(\s+\S{32,})*\Z").split()
        return AuditSettings(tuple(keys), Path(spool))

    def mongodb_url(self) -> str:
        return self.url("MONGODB_URL", ("mongodb", "mongodb+srv"))

    def http_url(self, name: str) -> str:
        return self.url(name, ("http", "https"))

    def text(self, name: str, default: str | None = None, pattern: str | None = None) -> str:
        checks = [validate.Regexp(pattern, error="must match {regex}")] if pattern else []
        return str(self._read(self._env.str, name, default, checks))

    def integer(self, name: str, default: int, minimum: int = 0) -> int:
        return int(self._read(self._env.int, name, default, [validate.Range(min=minimum)]) or 0)

    def numbers(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """Comma-separated numbers, e.g. `5,60,600`."""
        return tuple(self._read(self._env.list, name, list(default), [], subcast=float) or ())

    def plans(self) -> Mapping[str, Plan]:
        return self.parsed("PLANS", STANDARD, read_plans)

    def parsed(self, name: str, default: str, parse: Callable[[str], Value]) -> Value:
        """What `parse`, which raises ValueError, makes of the text."""

        def check(value: str) -> None:
            try:
                parse(value)
            except ValueError as fault:
                raise ValidationError(str(fault)) from fault

        text = str(self._read(self._env.str, name, default, [check]))
        try:
            return parse(text)
        except ValueError:  # `finish` will tell
            return parse(default)

    def secret(self, name: str, minimum: int = 1, optional: bool = False, pattern: str = "") -> str:
        """A value without a default, of at least `minimum` characters; a long one must look random too. Where it is
        `optional`, it may be missing or empty.
        """
        form = f"match {pattern}, " if pattern else ""
        fault = (
            f"must {form}have at least {minimum} characters and be random, as `openssl rand -base64 48` makes it. "
            f"Give it here or by a file in {PREFIX}{name}_FILE"
        )

        def check(value: str) -> None:
            guessable = len(value) < minimum or (minimum >= LONG and _is_guessable(value))
            if (guessable or not re.match(pattern, value)) and (value or not optional):
                raise ValidationError(fault)

        return str(self._read(self._env.str, name, "" if optional else None, [check]))

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        def check(value: str) -> None:
            parts = urlsplit(value)
            if parts.scheme not in schemes or not parts.hostname:
                raise ValidationError(f"must be a URL with one of the schemes {', '.join(schemes)}")

        return str(self._read(self._env.str, name, default, [check]))

    def finish(self) -> None:
        """Raise SettingsFault when anything that was read is missing or wrong."""
        faults = dict(self._unreadable)
        try:
            self._env.seal()
        except EnvValidationError as found:
            messages = found.error_messages if isinstance(found.error_messages, dict) else {}
            for name, texts in messages.items():
                faults.setdefault(name, "; ".join(str(text) for text in texts))
        if faults:
            lines = "\n".join(f"  {name}: {text}" for name, text in sorted(faults.items()))
            raise SettingsFault(f"The settings are not usable:\n{lines}")

    def _process(self) -> dict[str, str]:
        return {
            "ops_bind": self.text("OPS_BIND", pattern=r".+:\d+\Z"),
            "log_level": self.text("LOG_LEVEL", "INFO", pattern=r"(DEBUG|INFO|WARNING|ERROR)\Z"),
        }

    def _read(self, parse: Any, name: str, default: Any, checks: list[Any], **more: Any) -> Any:
        given = {} if default is None else {"default": default}
        try:
            return parse(name, validate=checks, **given, **more)
        except ValueError as unreadable:
            self._unreadable[PREFIX + name] = str(unreadable)
            return default


def _is_guessable(secret: str) -> bool:
    return len(set(secret)) < _FEWEST_CHARACTERS or bool(_PLACEHOLDERS.search(secret))
