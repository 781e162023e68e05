"""The edge: GET /v2/documents/{id} through the gateway against the same at the service, and what its parts cost.

    python -m bench.edge [--rounds 5] [--seconds 4]

All in one run, in turns: the service itself, the gateway, the gateway without rate limits, and the gateway without
checking tokens. Load comes from one thread over 16 connections; the machine's processors are shared by all.

What limits the gateway: our own part of a request (routes, token, quota, headers, log line, measure) is about a tenth
of its processor time, asking the service by http.client a fifth; the rest is gunicorn's reading of requests and its
handing over between threads.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from bench import ROOT, report, running_stack
from bench.lane import await_final, submit
from bench.load import Aim, Measured, Target, median, turns
from gateway.app import create_app
from gateway.app import serving as serving_gateway
from gateway.forward.door import Edge
from gateway.forward.guard import Guard
from gateway.limits.meter import Charge, Meter
from gateway.limits.quotas import Standing
from gateway.settings import read_settings
from gateway.wiring import build
from paperlane.client import Client
from shared.bearer import Caller
from shared.scopes import SCOPES
from shared.web.serve import Running, serve

WHOLE, UNLIMITED, UNCHECKED = "gateway", "without limits", "without tokens"
SERVICE = "service"
# More than any machine answers.
PLANS = "default=600000000/600 anonymous=600/600 local=600000000/600"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each turn")
    parser.add_argument("--serve", choices=sorted(VARIANTS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve_variant(asked.serve)
        return
    with running_stack() as local, Client(local["base_url"], local["client_id"], local["client_secret"]) as client:
        document_id = submit(client, local["project_id"])
        await_final(client, document_id)
        measured = measure(local, f"/v2/documents/{document_id}", client.token(), asked)
    show(measured)


def measure(local: Mapping[str, Any], path: str, token: str, asked: argparse.Namespace) -> dict[str, list[Measured]]:
    """The turns of each target."""
    header = {"Authorization": f"Bearer {token}"}
    documents = local["services"]["documents"]
    with ExitStack() as running:
        targets: dict[str, Aim] = {
            SERVICE: (Target.get(documents["url"] + path, **header), psutil.Process(documents["pid"]))
        }
        for variant in VARIANTS:
            url, process = running.enter_context(serving(variant, local))
            targets[variant] = (Target.get(url + path, **header), process)
        return turns(targets, asked.rounds, asked.seconds, {})


def show(measured: Mapping[str, list[Measured]]) -> None:
    middle = median(measured)
    whole = middle[WHOLE]
    rows: list[tuple[object, ...]] = [
        (name, one.rate, one.rate / middle[SERVICE].rate, one.cpu * 1e6, one.cpu / whole.cpu)
        for name, one in middle.items()
    ]
    for what, variant in (("limits", UNLIMITED), ("tokens", UNCHECKED)):
        lost, spent = middle[variant].rate - whole.rate, whole.cpu - middle[variant].cpu
        rows.append((f"cost of {what}", lost, lost / middle[variant].rate, spent * 1e6, spent / whole.cpu))
    columns = ("what", "answers/s", "share", "CPU µs each", "of the gateway's")
    report("edge", columns, rows, {name: [turn._asdict() for turn in each] for name, each in measured.items()})


class Unlimited(Meter):
    """Charges nobody."""

    def __init__(self) -> None:
        self._charge = Charge("none", Standing(allowed=True, limit=1, remaining=1, seconds=60))

    def client(self, client_id: str, plan: str) -> Charge:  # noqa: ARG002
        return self._charge

    def address(self, address: str) -> Charge:  # noqa: ARG002
        return self._charge


class Unchecked(Guard):
    """Takes everybody for the same client."""

    def __init__(self) -> None:
        self._caller = Caller("anybody", "anybody", frozenset(SCOPES))

    def caller(self, *_: Any) -> Caller:
        return self._caller


VARIANTS: Mapping[str, Callable[[Edge], Edge]] = {
    WHOLE: lambda edge: edge,
    UNLIMITED: lambda edge: dataclasses.replace(edge, meter=Unlimited()),
    UNCHECKED: lambda edge: dataclasses.replace(edge, guard=Unchecked()),
}


def serve_variant(variant: str) -> None:
    """The gateway as in production, but for that part."""
    settings = read_settings()

    def start() -> Running:
        built = build(settings)
        desk = dataclasses.replace(built.desk, edge=VARIANTS[variant](built.desk.edge))
        return Running(create_app(desk), built.ready, built.journal.close)

    serve(dataclasses.replace(serving_gateway(), build=start))


@contextmanager
def serving(variant: str, local: Mapping[str, Any]) -> Iterator[tuple[str, psutil.Process]]:
    """The URL and the process of a gateway before the stack's services."""
    with TemporaryDirectory(prefix="paperlane-edge-") as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        settings = {f"{name.upper()}_URL": local["services"][name]["url"] for name in ("auth", "files", "documents")}
        settings |= {
            "BIND": "fd://0",
            "OPS_BIND": "127.0.0.1:0",
            "BASE_URL": local["base_url"],
            "MONGODB_URL": local["servers"]["mongodb"]["url"].replace("/?", "/bench_gateway?"),
            "PLANS": PLANS,
            "AUDIT_KEY": secrets.token_urlsafe(32),
            "AUDIT_SPOOL": folder,
        }
        environment = {"PATH": os.defpath, **{f"PAPERLANE_{name}": value for name, value in settings.items()}}
        command = [sys.executable, "-m", "bench.edge", "--serve", variant]
        log = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=listener.fileno(), stdout=log, stderr=log)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            httpx.get(f"{url}/v2/openapi.json", timeout=60).raise_for_status()
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
