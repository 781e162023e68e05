"""The audit log of the running stack: it is anchored, closed in order, and what a kill lost is counted."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.support import eventually
from tests.support.lane import Lane
from tests.support.samples import BUNDLE
from tests.support.stack import COMMAND, Stack

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()


def verify(stack: Stack) -> tuple[int, dict[str, Any]]:
    """The exit status of `paperlane audit verify`, and what it found."""
    command = [str(COMMAND), "audit", "verify", "--json", "--home", str(stack.home.path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


def test_the_running_stack_is_sound_and_anchored(stack: Stack, lane: Lane) -> None:
    lane.await_final(lane.submit(SAMPLE))

    def anchored() -> bool:
        status, report = verify(stack)
        assert (status, report["faults"]) == (0, [])
        known = {chain["service"] for chain in report["chains"] if chain["anchors"]}
        return {"auth", "files", "documents"} <= known

    eventually(anchored, seconds=60, every=1)


def test_a_killed_service_loses_no_entry_uncounted(stack: Stack, lane: Lane) -> None:
    local = stack.local
    http = httpx.Client(auth=(local["client_id"], local["client_secret"]), timeout=30, trust_env=False)

    def ask(_: int) -> bool:
        try:
            return http.post(local["token_url"], data={"grant_type": "client_credentials"}).is_success
        except httpx.TransportError:
            return False

    before = {chain["chain"] for chain in verify(stack)[1]["chains"]}
    with http, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, number) for number in range(120)]
        eventually(lambda: sum(call.done() for call in asked) > 40, seconds=60)
        stack.kill("auth")
        got = sum(call.result() for call in asked)
    stack.wait_until_healthy()

    def settled() -> dict[str, Any]:
        status, report = verify(stack)
        assert (status, report["faults"]) == (0, [])
        auth = [chain for chain in report["chains"] if chain["service"] == "auth"]
        assert auth[-1]["chain"] not in before
        assert auth[-2]["state"] == "killed"
        return {"kept": auth[-1]["entries"] + auth[-2]["entries"], "lost": auth[-2]["lost"]}

    found = eventually(settled, seconds=60, every=1)
    assert found["kept"] + found["lost"] >= got > 0


def test_a_service_that_stops_in_order_closes_its_chain(stack: Stack, lane: Lane) -> None:
    lane.submit(SAMPLE)
    stack.stop("files")
    stack.start("files")
    files = [chain for chain in verify(stack)[1]["chains"] if chain["service"] == "files"]
    assert "closed" in {chain["state"] for chain in files}
