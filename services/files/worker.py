"""The bus process of files: sends what its records hold."""

from __future__ import annotations

from services.files.settings import read_worker_settings
from services.files.wiring import build_outbox
from shared import logs
from shared.messaging.outbox import Relay
from shared.messaging.publisher import RabbitPublisher
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
    settings = read_worker_settings()
    process = settings.process
    logs.configure("files", process.log_level)
    outbox, ready = build_outbox(settings)
    relay = Relay(outbox, RabbitPublisher(process.rabbitmq_url))
    run_worker("files", (relay,), OpsServer(process.ops_bind, ready))


if __name__ == "__main__":
    main()
