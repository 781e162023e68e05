"""Ports on 127.0.0.1: picked free once, kept while they stay free, and who holds one that is not."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable, Mapping

import psutil

# Below Linux's range for outgoing connections (32768 on), so that no client of another program takes one of ours.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    return obstacle(port) is None


def obstacle(port: int) -> str | None:
    """Why a server could not listen on 127.0.0.1:`port` now; None when it could."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the wait after a stop is no obstacle
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except PermissionError:
            return "is for root only"
        except OSError:
            return f"is taken by {_holder(port)}"
    return None


def assign(names: Iterable[str], kept: Mapping[str, int], usable: Callable[[int], bool] = is_free) -> dict[str, int]:
    """A port for each name: the kept one while it is usable, else a new one. Names not asked for keep theirs."""
    ports = dict(kept)
    for name in names:
        if name not in kept or not usable(kept[name]):
            ports[name] = _pick({*ports.values()}, usable)
    return ports


def _pick(taken: set[int], usable: Callable[[int], bool]) -> int:
    while True:
        port = secrets.choice(RANGE)
        if port not in taken and usable(port):
            return port


def _holder(port: int) -> str:
    """Who listens on `port`, as far as this user may know."""
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            try:
                return f"{psutil.Process(connection.pid).name()}, process {connection.pid}"
            except (psutil.Error, TypeError, ValueError):
                break
    return "a process of another user"
