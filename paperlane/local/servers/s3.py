"""The object store: `rclone serve s3` from a wheel, over a folder."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from paperlane.local.home import Home
from paperlane.local.parts import Part, answers


@dataclass(frozen=True, slots=True)
class Account:
    """An S3 endpoint (`http://host:port`) and a pair of keys for it."""

    url: str
    access_key: str
    secret_key: str


def started(home: Home, port: int, account: Account) -> Part:
    """An rclone of our own on 127.0.0.1:`port`, which takes `account` only."""
    folder = home.path / "data" / "s3"
    folder.mkdir(exist_ok=True, mode=0o700)
    rclone = Path(sys.executable).parent / "rclone"
    return Part(
        name="s3",
        kind="server",
        url=account.url,
        healthy=lambda: _serves(account.url),
        command=(
            *(str(rclone), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--config", ""),
            *("--cache-dir", str(home.path / "run" / "rclone"), "--dir-perms", "0700", "--file-perms", "0600"),
            str(folder),
        ),
        # The keys would show in the list of processes as arguments.
        environment={"RCLONE_AUTH_KEY": f'"{account.access_key},{account.secret_key}"'},
    )


def given(account: Account) -> Part:
    """Somebody else's object store."""
    return Part("s3", "server", account.url, healthy=lambda: _serves(account.url))


def _serves(url: str) -> bool:
    """Without keys an S3 refuses, which is an answer too."""
    return answers(url, below=500)
