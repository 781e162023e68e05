"""The bus process of files: sends what its records hold, takes in what was deleted elsewhere, and erases bytes."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from services.files.handlers import reactions
from services.files.settings import read_worker_settings
from services.files.usecases.deleting import erase_next
from services.files.usecases.resuming import expire_next
from services.files.wiring import build
from shared import logs
from shared.chores import Chores
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import Relay
from shared.messaging.publisher import RabbitPublisher
from shared.metrics import OpsServer
from shared.worker import run_worker


def main() -> None:
    settings = read_worker_settings()
    process = settings.process
    logs.configure("files", process.log_level)
    built = build("files-worker", settings.stores)
    consumer = Consumer(process.rabbitmq_url, "files", reactions(built.desk), process.retry_seconds)
    relay = Relay(built.outbox, RabbitPublisher(process.rabbitmq_url))
    chores = Chores(partial(erase_next, built.desk), partial(expire_next, built.desk))
    ops = OpsServer(process.ops_bind, lambda: {**built.ready(), "rabbitmq": consumer.ready})
    with closing(built.journal):
        run_worker("files", (relay, consumer, chores), ops)


if __name__ == "__main__":
    main()
