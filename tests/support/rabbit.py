"""A real broker as tests see it: without queues of ours at first, asked what it holds, consumed by half a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import Envelope
from shared.contracts.registry import KINDS
from shared.messaging.connection import Session, open_session
from shared.messaging.consumer import Consumer
from shared.messaging.publisher import RabbitPublisher
from shared.messaging.reactions import Reaction
from shared.messaging.topology import declare, queues_of
from tests.support import eventually
from tests.support.messages import message, reacting

RETRY_SECONDS = (0.1, 0.3)
COMMANDS, DEAD = "extraction.commands", "extraction.dead"


class Rabbit:
    """The broker at `url`. Making one deletes the queues of every consuming service."""

    def __init__(self, url: str) -> None:
        self.url = url
        with self.session() as session:
            for service in {consumer for kind in KINDS for consumer in kind.consumers}:
                for queue in queues_of(service, RETRY_SECONDS):
                    session.channel.queue_delete(queue.name)

    def session(self) -> AbstractContextManager[Session]:
        return closing(open_session(self.url, "test"))

    def declare(self) -> None:
        """The queues of extraction, as its worker makes them."""
        with self.session() as session:
            declare(session.channel, queues_of("extraction", RETRY_SECONDS))

    def waiting(self, queue: str) -> int:
        """Messages in the queue that nobody holds."""
        with self.session() as session:
            return int(session.channel.queue_declare(queue, passive=True).method.message_count)

    def send(self, *ids: str) -> None:
        """Publish the golden command once under each of these ids."""
        with closing(RabbitPublisher(self.url)) as publisher:
            for name in ids:
                publisher.publish(message(id=name))


@contextmanager
def consuming(url: str, run: Callable[[Envelope], None]) -> Iterator[Consumer]:
    """An extraction consumer that is ready, and stops at the end."""
    consumer = Consumer(url, "extraction", reacting("extraction", {ProcessDocument: Reaction(run)}), RETRY_SECONDS)
    consumer.start()
    eventually(lambda: consumer.ready)
    yield consumer
    consumer.stop()
    assert consumer.join(10)
    assert not consumer.ready
