"""The bus process of extraction: has documents read and tells how it went."""

from __future__ import annotations

from contextlib import closing

from services.extraction.handlers import reactions
from services.extraction.settings import read_settings
from services.extraction.wiring import build
from shared import logs
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import Relay
from shared.messaging.publisher import RabbitPublisher
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
    settings = read_settings()
    process = settings.process
    logs.configure("extraction", process.log_level)
    built = build(settings)
    consumer = Consumer(process.rabbitmq_url, "extraction", reactions(built.desk), process.retry_seconds)
    relay = Relay(built.outbox, RabbitPublisher(process.rabbitmq_url))
    ops = OpsServer(process.ops_bind, lambda: {**built.ready(), "rabbitmq": consumer.ready})
    with closing(built.sandbox):
        run_worker("extraction", (relay, consumer), ops)


if __name__ == "__main__":
    main()
