"""The bus process of auth: anchors the heads of other services' audit chains."""

from __future__ import annotations

from services.auth.handlers import reactions
from services.auth.settings import read_worker_settings
from services.auth.wiring import build_anchors
from shared import logs
from shared.messaging.consumer import Consumer
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
    settings = read_worker_settings()
    process = settings.process
    logs.configure("auth", process.log_level)
    anchors, ready = build_anchors(settings)
    consumer = Consumer(process.rabbitmq_url, "auth", reactions(anchors), process.retry_seconds)
    ops = OpsServer(process.ops_bind, lambda: {**ready(), "rabbitmq": consumer.ready})
    run_worker("auth", (consumer,), ops)


if __name__ == "__main__":
    main()
