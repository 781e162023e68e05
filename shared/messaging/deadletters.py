"""What the services gave up: `python -m shared.messaging.deadletters list|redrive SERVICE` shows it or sends it again.

The broker is the one in PAPERLANE_RABBITMQ_URL.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from shared.messaging.connection import FAULTS, Session, open_session
from shared.messaging.consumer import ATTEMPTS, QUEUE, REASON, TIME
from shared.messaging.publisher import trace_headers
from shared.messaging.topology import dead_letters, declare
from shared.settings import Reader


def list_dead(url: str, service: str, most: int = 100) -> list[dict[str, Any]]:
    """Id, type, reason, attempts, time and queue of the oldest dead letters; they stay where they are."""
    with closing(open_session(url, "paperlane dead letters")) as session:
        return [_described(properties) for _, properties, _ in _taken(session, service, most)]


def redrive(url: str, service: str) -> int:
    """Send every dead letter to its queue again, attempts counted anew; how many. Each is confirmed, then removed."""
    sent = 0
    with closing(open_session(url, "paperlane dead letters")) as session:
        for method, properties, body in _taken(session, service):
            queue, properties.headers = _described(properties)["queue"], trace_headers(properties)
            session.channel.basic_publish("", queue, body, properties, mandatory=True)
            session.channel.basic_ack(method.delivery_tag)
            sent += 1
    return sent


def _taken(session: Session, service: str, most: int | None = None) -> Iterator[tuple[Any, Any, bytes]]:
    """What lies there now, unacknowledged; not what arrives meanwhile, or a redrive could go round for ever."""
    declare(session.channel, [queue := dead_letters(service)])
    there = session.channel.queue_declare(queue.name, passive=True).method.message_count
    for _ in range(there if most is None else min(most, there)):
        method, properties, body = session.channel.basic_get(queue.name)
        if method:
            yield method, properties, body


def _described(properties: Any) -> dict[str, Any]:
    headers, fields = properties.headers or {}, {"id": properties.message_id, "type": properties.type}
    if QUEUE in headers:
        return fields | {name.removeprefix("x-"): headers[name] for name in (REASON, ATTEMPTS, TIME, QUEUE)}
    # Without our headers it was the broker that gave up, at its delivery limit (x-death, newest first).
    death = headers["x-death"][0]
    return fields | {"reason": death["reason"], "attempts": None, "time": str(death["time"]), "queue": death["queue"]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m shared.messaging.deadletters", description="The dead letters.")
    parser.add_argument("action", choices=("list", "redrive"))
    parser.add_argument("service")
    given, settings = parser.parse_args(), Reader()
    url = settings.url("RABBITMQ_URL", ("amqp", "amqps"))
    settings.finish()
    try:
        if given.action == "redrive":
            print(f"{redrive(url, given.service)} sent again")
        else:
            for letter in list_dead(url, given.service):
                print(*letter.values(), sep="  ")
    except FAULTS as fault:
        raise SystemExit(f"The broker did not do it: {fault!r}") from fault


if __name__ == "__main__":
    main()
