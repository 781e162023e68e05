"""The bus process of documents: sends what its records hold, and takes in what extraction answers."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from services.documents.handlers import message_sent, reactions
from services.documents.settings import read_worker_settings
from services.documents.wiring import build
from shared import logs
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import Relay
from shared.messaging.publisher import RabbitPublisher
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
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
