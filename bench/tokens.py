"""Tokens per second, against a bare Flask view that signs one and does nothing else; and what a stopwatch tells.

    python -m bench.tokens [--rounds 5] [--seconds 3]

All in one run, in turns, under the same settings of gunicorn: the bare view, auth, auth through the gateway, and auth
with assertions (private_key_jwt) in place of secrets. Load comes from one thread over 16 connections; the machine's
processors are shared by all.
"""

from __future__ import annotations

import argparse
import base64
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import psutil
from joserfc import jwt
from joserfc.jwk import ECKey

from bench import ROOT, free_port, report, running_stack
from bench.load import Measured, Target, median, turns
from paperlane.client import Client

# More than any machine answers.
PLANS = "default=600000000/600000000 anonymous=600000000/600000000 local=600000000/600000000"
BARE, AUTH, GATEWAY, SIGNED = "bare Flask view", "auth", "through the gateway", "auth, private_key_jwt"
FORM = {"grant_type": "client_credentials", "scope": "documents.read"}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/v2/auth/token"
SAMPLES = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each turn")
    asked = parser.parse_args()
    with running_stack(PAPERLANE_PLANS=PLANS) as local, bare_view() as (bare_url, bare):
        measured = measure(local, bare_url, bare, asked)
        seconds = seconds_to_refuse(local)
    show(measured, seconds)


def measure(
    local: Mapping[str, Any], bare_url: str, bare: psutil.Process, asked: argparse.Namespace
) -> dict[str, list[Measured]]:
    """The turns of each target."""
    header = {"Authorization": basic(local["client_id"], local["client_secret"])}
    auth, gateway = (local["services"][name] for name in ("auth", "gateway"))
    signer, key = signing_client(local)
    targets = {
        BARE: (Target.form(bare_url, FORM, **header), bare),
        AUTH: (Target.form(auth["url"] + TOKEN_PATH, FORM, **header), psutil.Process(auth["pid"])),
        GATEWAY: (Target.form(gateway["url"] + TOKEN_PATH, FORM, **header), psutil.Process(gateway["pid"])),
        SIGNED: (Target.form(auth["url"] + TOKEN_PATH, FORM), psutil.Process(auth["pid"])),
    }
    signed = partial(signed_requests, auth["url"], local["base_url"], signer, key)
    return turns(targets, asked.rounds, asked.seconds, {SIGNED: signed})


def seconds_to_refuse(local: Mapping[str, Any]) -> dict[str, list[float]]:
    """How long auth takes to refuse an unknown client and a wrong secret, in turns, each from an address of its own."""
    url = local["services"]["auth"]["url"] + TOKEN_PATH
    pairs = {"unknown client": basic("unknown-client", "x" * 43), "wrong secret": basic(local["client_id"], "x" * 43)}
    taken: dict[str, list[float]] = {name: [] for name in pairs}
    with httpx.Client(trust_env=False) as http:
        for number in range(SAMPLES):
            address = f"198.18.{number // 250}.{number % 250 + 1}"
            for name, authorization in pairs.items():
                headers = {"Authorization": authorization, "X-Forwarded-For": address}
                began = time.perf_counter()
                status = http.post(url, data=FORM, headers=headers).status_code
                taken[name].append(time.perf_counter() - began)
                assert status == 401, status
    return taken


def show(measured: Mapping[str, list[Measured]], seconds: Mapping[str, list[float]]) -> None:
    middle = median(measured)
    rate = {name: one.rate for name, one in middle.items()}
    rows = [(name, one.rate, one.rate / rate[BARE], one.cpu * 1e6) for name, one in middle.items()]
    raw = {name: [turn._asdict() for turn in each] for name, each in measured.items()}
    columns = ("what", "tokens per second", "of the bare view's", "processor µs each")
    report("tokens", columns, rows, {**raw, "seconds_to_refuse": dict(seconds)})
    unknown, wrong = (statistics.median(taken) for taken in seconds.values())
    apart = abs(unknown - wrong) / max(unknown, wrong)
    tell(rate[AUTH] >= 0.7 * rate[BARE], f"auth gives {rate[AUTH] / rate[BARE]:.2f} of the bare view's tokens (0.7)")
    tell(rate[AUTH] >= 300, f"S-06: auth gives {rate[AUTH]:.0f} tokens per second (300)")
    tell(apart < 0.1, f"S-04: medians of {unknown * 1e3:.2f} and {wrong * 1e3:.2f} ms are {apart:.1%} apart (10%)")


def tell(reached: bool, what: str) -> None:
    print(f"{'reached' if reached else 'MISSED '}  {what}")


def signing_client(local: Mapping[str, Any]) -> tuple[str, ECKey]:
    """A new client that signs assertions, and its key."""
    key = ECKey.generate_key("P-256")
    jwks = [{**key.as_dict(private=False), "kid": "bench", "alg": "ES256"}]
    body = {"name": "bench", "scopes": ["documents.read"], "authMethod": "private_key_jwt", "jwks": jwks}
    with Client(local["base_url"], local["client_id"], local["client_secret"]) as client:
        return str(client.request("POST", "/v2/clients", json=body).json()["id"]), key


def signed_requests(auth_url: str, issuer: str, client_id: str, key: ECKey) -> Iterator[bytes]:
    """Requests with an assertion each, which are made while it is asked."""
    while True:
        now = int(time.time())
        claims = {"iss": client_id, "sub": client_id, "aud": issuer, "exp": now + 60, "jti": secrets.token_hex(16)}
        assertion = jwt.encode({"alg": "ES256", "kid": "bench"}, claims, key)
        form = FORM | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        yield Target.form(auth_url + TOKEN_PATH, form).request


@contextmanager
def bare_view() -> Iterator[tuple[str, psutil.Process]]:
    """The bare view under gunicorn, as our services run; its address and its process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    with subprocess.Popen(
        [*command, "--workers", "1", "--threads", "16", "--keep-alive", "75", "bench.bare:app"],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}/token"
            while not _answers(url):
                time.sleep(0.1)
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.post(url, data=FORM, trust_env=False).is_success
    except httpx.TransportError:
        return False


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


if __name__ == "__main__":
    main()
