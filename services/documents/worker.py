"""The bus process of documents: sends what its records hold, and takes in what extraction answers.

`python -m services.documents.worker recount [COMPANY]` sets the counts of documents right instead, and ends.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from functools import partial

from services.documents.handlers import message_sent, reactions
from services.documents.settings import read_mongodb_url, read_worker_settings
from services.documents.wiring import build, set_counts_right
from shared import logs
from shared.errors import Unavailable
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import Relay
from shared.messaging.publisher import RabbitPublisher
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m services.documents.worker", description="The bus process.")
    commands = parser.add_subparsers(dest="command")
    recount = commands.add_parser("recount", help="set the counts of documents right, while they go on changing")
    recount.add_argument("company", nargs="?", help="its id; without it, all companies")
    asked = parser.parse_args()
    if asked.command:
        _recount(asked.company)
    else:
        _run()


def _recount(company_id: str | None) -> None:
    try:
        wrong = set_counts_right(read_mongodb_url(), company_id)
    except Unavailable as away:
        raise SystemExit(str(away)) from away
    print(f"Projects whose counts were wrong, and are right now: {wrong}")


def _run() -> None:
    settings = read_worker_settings()
    process = settings.process
    logs.configure("documents", process.log_level)
    built = build("documents-worker", settings.stores)
    consumer = Consumer(process.rabbitmq_url, "documents", reactions(built.desk), process.retry_seconds)
    relay = Relay(built.outbox, RabbitPublisher(process.rabbitmq_url), partial(message_sent, built.desk))
    ops = OpsServer(process.ops_bind, lambda: {**built.ready(), "rabbitmq": consumer.ready})
    with closing(built.journal):
        run_worker("documents", (relay, consumer), ops)


if __name__ == "__main__":
    main()
