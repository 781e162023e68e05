"""What a stack was asked to be: its port, its plans, and the servers that it takes from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from paperlane.local.errors import StackFault
from paperlane.local.home import SETTINGS, Home
from paperlane.local.servers.s3 import Account

DEFAULT_PORT = 8080
# Everyone on this machine has the same address: what is counted by address is not to stop them.
PLANS = "default=600/600 anonymous=100000/100000 local=100000/10000"


@dataclass(frozen=True)
class StackSettings:
    """A server without a URL is started by the stack; `vhosts` are then the virtual hosts of its broker."""

    port: int = DEFAULT_PORT
    mongodb_url: str | None = None
    rabbitmq_url: str | None = None
    s3: Account | None = None
    s3_region: str = "us-east-1"
    files_bucket: str = "files"
    extracts_bucket: str = "extracts"
    plans: str = PLANS
    vhosts: tuple[str, ...] = ("/",)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], port: int) -> StackSettings:
        """Reads what names the servers and what is in them, and the plans; an empty variable is as good as none."""
        return cls(
            port=port,
            mongodb_url=environment.get("PAPERLANE_MONGODB_URL") or None,
            rabbitmq_url=environment.get("PAPERLANE_RABBITMQ_URL") or None,
            s3=_account(environment),
            s3_region=environment.get("PAPERLANE_S3_REGION") or cls.s3_region,
            files_bucket=environment.get("PAPERLANE_FILES_BUCKET") or cls.files_bucket,
            extracts_bucket=environment.get("PAPERLANE_EXTRACTS_BUCKET") or cls.extracts_bucket,
            plans=environment.get("PAPERLANE_PLANS") or cls.plans,
        )

    @classmethod
    def kept(cls, home: Home) -> StackSettings | None:
        """Those of the last `up` in this home, or None when there was none."""
        known = home.read_json(SETTINGS)
        if not known:
            return None
        s3, vhosts = known.pop("s3"), known.pop("vhosts")
        return cls(**known, s3=Account(**s3) if s3 else None, vhosts=tuple(vhosts))

    def keep(self, home: Home) -> None:
        home.change_json(SETTINGS, lambda known: known.update(asdict(self)))


def _account(environment: Mapping[str, str]) -> Account | None:
    url, *keys = (environment.get(f"PAPERLANE_S3_{name}") for name in ("URL", "ACCESS_KEY", "SECRET_KEY"))
    if not url:
        return None
    if not all(keys):
        raise StackFault(
            "PAPERLANE_S3_URL is given without the keys for it.",
            "Set PAPERLANE_S3_ACCESS_KEY and PAPERLANE_S3_SECRET_KEY too.",
        )
    return Account(url.rstrip("/"), *(key or "" for key in keys))
