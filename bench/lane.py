"""The lane: upload to final state on an idle stack, documents per second under load, each against the bare reading.

    python -m bench.lane [--idle 40] [--load 200]

The bare work is the reading of the same file's text layer in one process, without any service around it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import ROOT, report, running_stack
from paperlane.client import UNREAD_STATES, Client
from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import load, models_for
from services.extraction.domain.fields import extract
from services.extraction.settings import PACKAGED_TESSDATA

SAMPLE = (ROOT / "paperlane" / "local" / "samples" / "invoice.pdf").read_bytes()
PDF = "application/pdf"
LANGUAGES = ("en", "de")
POLL_SECONDS = 0.01
CLIENTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=40, help="documents one after the other")
    parser.add_argument("--load", type=int, default=200, help="documents at once")
    asked = parser.parse_args()
    bare, with_fields = bare_seconds(asked.idle)
    with running_stack() as local, Client(local["base_url"], local["client_id"], local["client_secret"]) as client:
        one_by_one(client, local["project_id"], 3)  # connections, caches, the first fork
        latencies = one_by_one(client, local["project_id"], asked.idle)
        seconds = all_at_once(client, local["project_id"], asked.load)
    median, p95 = statistics.median(latencies), statistics.quantiles(latencies, n=20)[-1]
    rows = [
        ("bare: text of the sample", bare, 1.0),
        ("bare: text and fields", with_fields, with_fields / bare),
        (f"idle stack, median of {asked.idle}", median, median / bare),
        (f"idle stack, p95 of {asked.idle}", p95, p95 / bare),
        (f"{asked.load} at once, per document", seconds / asked.load, seconds / asked.load / bare),
    ]
    raw = {"bare": bare, "bare_with_fields": with_fields, "latencies": latencies, "load_seconds": seconds}
    report("lane", ("what", "seconds", "ratio to the bare text"), rows, raw | {"load_documents": asked.load})
    print(
        f"{asked.load / seconds:.1f} documents per second; bare text {1 / bare:.1f}, with fields {1 / with_fields:.1f}"
    )


def bare_seconds(times: int) -> tuple[float, float]:
    """Median seconds to read the sample's text, and to read it and find its fields, in this very process."""
    ocr = load(models_for(LANGUAGES, PACKAGED_TESSDATA), PACKAGED_TESSDATA)
    reading, both = [], []
    for _ in range(times):
        began = time.perf_counter()
        pages = read_pages(SAMPLE, PDF, ocr)
        reading.append(time.perf_counter() - began)
        extract(pages, LANGUAGES)
        both.append(time.perf_counter() - began)
    return statistics.median(reading), statistics.median(both)


def one_by_one(client: Client, project_id: str, count: int) -> list[float]:
    """Seconds from the first byte of the upload to the final state, for each of `count` documents."""
    latencies = []
    for _ in range(count):
        began = time.perf_counter()
        await_final(client, submit(client, project_id))
        latencies.append(time.perf_counter() - began)
    return latencies


def all_at_once(client: Client, project_id: str, count: int) -> float:
    """Seconds until all of `count` documents, sent by several threads, are final."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        documents = list(pool.map(lambda _: submit(client, project_id), range(count)))
    for document_id in reversed(documents):
        await_final(client, document_id)
    return time.perf_counter() - began


def submit(client: Client, project_id: str) -> str:
    return client.process_file(client.upload(SAMPLE, "invoice.pdf", PDF), project_id)


def await_final(client: Client, document_id: str) -> dict[str, Any]:
    while (document := client.document(document_id))["state"] in UNREAD_STATES:
        time.sleep(POLL_SECONDS)
    assert document["state"] == "doneAutomatically", document
    return document


if __name__ == "__main__":
    main()
