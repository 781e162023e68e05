"""A generator of load that costs little itself: one thread, raw sockets kept alive, one request over and over."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import psutil

CONNECTIONS = 16
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Target:
    """One request, as bytes, and where it goes."""

    host: str
    port: int
    request: bytes

    @staticmethod
    def get(url: str, **headers: str) -> Target:
        return Target._of("GET", url, headers)

    @staticmethod
    def form(url: str, members: Mapping[str, str], **headers: str) -> Target:
        """A POST of a form."""
        body = urlencode(members)
        more = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return Target._of("POST", url, headers | more, body)

    @staticmethod
    def _of(method: str, url: str, headers: Mapping[str, str], body: str = "") -> Target:
        parts = urlsplit(url)
        lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{n}: {v}" for n, v in headers.items())]
        request = ("\r\n".join([*lines, "", ""]) + body).encode("latin-1")
        return Target(parts.hostname or "", parts.port or 80, request)


class Measured(NamedTuple):
    """One turn: answers per second, and processor seconds that the process asked took for each."""

    rate: float
    cpu: float


Aim = tuple[Target, psutil.Process]


def per_second(
    target: Target, seconds: float, connections: int = CONNECTIONS, requests: Iterator[bytes] | None = None
) -> float:
    """How many answers with status 200 come in a second, when each connection asks again once it has its answer.

    Every request is the target's, or the next of `requests`, which must be enough.
    """
    following = requests or repeat(target.request)
    with ExitStack() as closing, selectors.DefaultSelector() as ready:
        for _ in range(connections):
            wire = closing.enter_context(socket.create_connection((target.host, target.port)))
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(wire, selectors.EVENT_READ, bytearray())
            wire.sendall(next(following))
        answers, began = 0, time.perf_counter()
        while (now := time.perf_counter()) - began < seconds:
            for key, _ in ready.select(1):
                answers += _turn(key, following)
        return answers / (now - began)


def turns(
    targets: Mapping[str, Aim], rounds: int, seconds: float, requests: Mapping[str, Callable[[], Iterator[bytes]]]
) -> dict[str, list[Measured]]:
    """The turns of each target, one after the other in each round, after a short one to warm them up. The target's
    request is sent over and over, or, where `requests` names the target, those.
    """
    measured: dict[str, list[Measured]] = {name: [] for name in targets}
    for length in (1.0, *[seconds] * rounds):
        for name, (target, process) in targets.items():
            before = _cpu(process)
            rate = per_second(target, length, requests=requests[name]() if name in requests else None)
            measured[name].append(Measured(rate, (_cpu(process) - before) / (rate * length)))
    return {name: results[1:] for name, results in measured.items()}


def median(measured: Mapping[str, list[Measured]]) -> dict[str, Measured]:
    """Of each target's turns."""
    return {name: Measured(*map(statistics.median, zip(*results, strict=True))) for name, results in measured.items()}


def _cpu(process: psutil.Process) -> float:
    """Processor seconds that the process and its workers have taken."""
    return float(sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True))))


def _turn(key: selectors.SelectorKey, requests: Iterator[bytes]) -> bool:
    """Whether the connection's answer is whole now; if so, it asks again."""
    wire, answer = key.fileobj, key.data
    assert isinstance(wire, socket.socket)
    answer += wire.recv(65536)
    if not _is_whole(answer):
        return False
    assert answer.startswith(b"HTTP/1.1 200 "), bytes(answer)
    answer.clear()
    wire.sendall(next(requests))
    return True


def _is_whole(answer: bytearray) -> bool:
    end = answer.find(_HEAD_END)
    if end < 0:
        return False
    head = bytes(answer[:end]).lower()
    start = head.index(_LENGTH) + len(_LENGTH)
    length = int(head[start:].partition(b"\r\n")[0])
    return len(answer) >= end + len(_HEAD_END) + length
