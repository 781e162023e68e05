"""What auth reads from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.plans import ANONYMOUS, DEFAULT, Plan
from shared.settings import LONG, AuditSettings, BusProcess, HttpProcess, Reader

# 43 characters of this alphabet hold 256 bits, and read the same whether or not a client encodes them.
_RANDOM = r"[A-Za-z0-9._~-]{43,}\Z"


@dataclass(frozen=True, slots=True)
class Settings:
    process: HttpProcess
    mongodb_url: str
    base_url: str
    signing_keys: Path
    key_publish_seconds: int
    secret_pepper: str
    secret_pepper_previous: str
    plans: Mapping[str, Plan]
    """Those that a client may be given."""
    first_company_id: str
    first_company: str
    first_client_id: str
    first_client_secret: str
    first_client_plan: str
    first_api_key: str
    audit: AuditSettings


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of the bus process."""

    process: BusProcess
    mongodb_url: str
    audit: AuditSettings


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    plans = {name: plan for name, plan in env.plans().items() if name != ANONYMOUS}
    settings = Settings(
        process=env.http_process(),
        mongodb_url=env.mongodb_url(),
        base_url=env.http_url("BASE_URL").rstrip("/"),
        signing_keys=Path(env.text("SIGNING_KEYS")),
        # A new key signs only after everybody who may cache the key set for so long has seen it.
        key_publish_seconds=env.integer("KEY_PUBLISH_SECONDS", 60),
        secret_pepper=env.secret("SECRET_PEPPER", minimum=LONG),
        secret_pepper_previous=env.secret("SECRET_PEPPER_PREVIOUS", minimum=LONG, optional=True),
        plans=plans,
        first_company_id=env.text("FIRST_COMPANY_ID", pattern=r"[0-9a-f]{24}\Z"),
        first_company=env.text("FIRST_COMPANY"),
        first_client_id=env.text("FIRST_CLIENT_ID", pattern=r"[A-Za-z0-9._~-]{1,100}\Z"),
        first_client_secret=env.secret("FIRST_CLIENT_SECRET", minimum=LONG, pattern=_RANDOM),
        first_client_plan=env.text("FIRST_CLIENT_PLAN", DEFAULT, pattern=rf"({'|'.join(plans)})\Z"),
        first_api_key=env.secret("FIRST_API_KEY", minimum=LONG, optional=True, pattern="paperlane_" + _RANDOM),
        audit=env.audit(),
    )
    env.finish()
    return settings


def read_worker_settings() -> WorkerSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = WorkerSettings(process=env.bus_process(), mongodb_url=env.mongodb_url(), audit=env.audit())
    env.finish()
    return settings
