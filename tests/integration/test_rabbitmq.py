"""RabbitMQ as a publisher meets it: declared topology, confirms, returned messages, a broker that goes away."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from shared.contracts.envelope import encode
from shared.messaging import topology
from shared.messaging.connection import FAULTS, open_session
from shared.messaging.consumer import Consumer
from shared.messaging.publisher import PublishFailed, RabbitPublisher, Unroutable
from tests.support import eventually
from tests.support.messages import message, reacting
from tests.support.rabbit import COMMANDS, RETRY_SECONDS, Rabbit
from tests.support.wire import Wire


def rested(publisher: RabbitPublisher) -> bool:
    publisher.idle()
    return True


def test_declaring_again_changes_nothing(rabbit: Rabbit) -> None:
    rabbit.declare()
    rabbit.send("a")
    rabbit.declare()
    assert rabbit.waiting(COMMANDS) == 1


def test_other_arguments_keep_the_service_away_with_the_cure(rabbit: Rabbit) -> None:
    with rabbit.session() as session:
        session.channel.queue_declare(COMMANDS, durable=True, arguments={"x-queue-type": "quorum"})
    cure = f"rabbitmqctl delete_queue {COMMANDS}"
    with pytest.raises(topology.TopologyConflict, match=cure):
        rabbit.declare()
    consumer = Consumer(rabbit.url, "extraction", reacting("extraction", {}), RETRY_SECONDS)
    with capture_logs() as lines:
        consumer.start()
        assert eventually(lambda: cure in str(lines))
    assert consumer.alive
    assert not consumer.ready
    with rabbit.session() as session:
        session.channel.queue_delete(COMMANDS)
    assert eventually(lambda: consumer.ready), "it goes on by itself once the queue is away"
    consumer.stop()
    assert consumer.join(10)


def test_a_message_is_persistent_and_says_what_it_is(rabbit: Rabbit) -> None:
    rabbit.declare()
    rabbit.send("a")
    with rabbit.session() as session:
        _, properties, body = session.channel.basic_get(COMMANDS, auto_ack=True)
    assert body == encode(message(id="a"))
    assert (properties.message_id, properties.correlation_id) == ("a", message().correlation_id)
    assert (properties.type, properties.content_type) == ("process-document", "application/json")
    assert properties.delivery_mode == 2


def test_a_full_queue_refuses_and_loses_nothing(rabbit: Rabbit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topology, "MAX_QUEUE_BYTES", 2000)
    rabbit.declare()
    confirmed = []
    with closing(RabbitPublisher(rabbit.url)) as publisher:

        def publish() -> bool:
            publisher.publish(message())
            confirmed.append(1)
            return len(confirmed) > 1000

        with pytest.raises(PublishFailed, match="NackError"):
            eventually(publish, every=0)
    assert confirmed
    assert rabbit.waiting(COMMANDS) == len(confirmed)


def test_a_message_that_no_queue_takes_leaves_the_connection_good(rabbit: Rabbit, wire: Wire) -> None:
    with closing(RabbitPublisher(wire.url)) as publisher:
        for _ in range(3):
            with pytest.raises(Unroutable):
                publisher.publish(message())
        rabbit.declare()
        publisher.publish(message())
    assert wire.accepted == 1
    assert rabbit.waiting(COMMANDS) == 1


def test_a_broker_that_goes_and_comes_back_is_found_again(rabbit: Rabbit, wire: Wire) -> None:
    rabbit.declare()
    with closing(RabbitPublisher(wire.url)) as publisher:
        wire.down = True
        with pytest.raises(PublishFailed):
            publisher.publish(message(id="a"))
        wire.down = False
        publisher.publish(message(id="a"))
        wire.cut()
        with pytest.raises(PublishFailed):
            publisher.publish(message(id="b"))
        publisher.publish(message(id="b"))
    assert rabbit.waiting(COMMANDS) == 2


def test_a_quiet_publisher_notices_a_lost_connection_before_it_needs_it(rabbit: Rabbit, wire: Wire) -> None:
    rabbit.declare()
    with closing(RabbitPublisher(wire.url)) as publisher:
        publisher.publish(message(id="a"))
        wire.cut()
        assert eventually(lambda: rested(publisher) and publisher._session is None)
        publisher.publish(message(id="b"))
    assert rabbit.waiting(COMMANDS) == 2


def test_a_quiet_publisher_keeps_its_connection(rabbit: Rabbit, wire: Wire) -> None:
    rabbit.declare()
    passed = threading.Event()
    with closing(RabbitPublisher(f"{wire.url}?heartbeat=1")) as publisher:
        publisher.publish(message())
        threading.Timer(4, passed.set).start()
        assert eventually(lambda: rested(publisher) and passed.is_set(), every=0.05)
        publisher.publish(message())
        assert wire.accepted == 1


def test_a_broker_that_is_not_there_is_one_of_the_known_faults() -> None:
    with pytest.raises(FAULTS):
        open_session("amqp://127.0.0.1:1", "test")
