"""Dead letters on a real broker: what they say, that looking does not wear them out, and their way back."""

from __future__ import annotations

import pytest

from shared.contracts.envelope import Envelope
from shared.errors import Conflict
from shared.messaging.deadletters import list_dead, main, redrive
from shared.messaging.topology import DELIVERY_LIMIT
from tests.support import eventually
from tests.support.rabbit import COMMANDS, DEAD, Rabbit, consuming


def refuse(_: Envelope) -> None:
    raise Conflict("not now")


@pytest.fixture
def refused(rabbit: Rabbit) -> Rabbit:
    """A broker with one dead letter, `a`."""
    with consuming(rabbit.url, refuse):
        rabbit.send("a")
        eventually(lambda: rabbit.waiting(DEAD) == 1)
    return rabbit


def test_a_dead_letter_says_why_however_often_it_is_asked(refused: Rabbit) -> None:
    for _ in range(DELIVERY_LIMIT + 5):
        (letter,) = list_dead(refused.url, "extraction")
    assert letter.pop("time").endswith("Z")
    assert letter == {
        "id": "a",
        "type": "process-document",
        "reason": "conflict_status: not now",
        "attempts": 1,
        "queue": COMMANDS,
    }


def test_a_redriven_dead_letter_is_handled_like_a_new_message(refused: Rabbit) -> None:
    runs: list[str] = []
    with consuming(refused.url, lambda envelope: runs.append(envelope.id)):
        assert redrive(refused.url, "extraction") == 1
        assert eventually(lambda: runs == ["a"])
    assert (refused.waiting(DEAD), refused.waiting(COMMANDS)) == (0, 0)


def test_a_redriven_message_that_fails_again_comes_back_once(refused: Rabbit) -> None:
    with consuming(refused.url, refuse):
        assert redrive(refused.url, "extraction") == 1
        assert eventually(lambda: refused.waiting(DEAD) == 1)


def test_the_brokers_own_limit_keeps_what_we_never_decided(rabbit: Rabbit) -> None:
    rabbit.declare()
    rabbit.send("a")
    with rabbit.session() as session:
        for _ in range(DELIVERY_LIMIT + 1):
            method = eventually(lambda: session.channel.basic_get(COMMANDS)[0])
            session.channel.basic_reject(method.delivery_tag, requeue=True)
    assert eventually(lambda: rabbit.waiting(DEAD) == 1)
    (letter,) = list_dead(rabbit.url, "extraction")
    assert (letter["id"], letter["reason"], letter["queue"]) == ("a", "delivery_limit", COMMANDS)
    assert redrive(rabbit.url, "extraction") == 1
    assert rabbit.waiting(COMMANDS) == 1


def test_the_command_lists_redrives_and_says_when_the_broker_is_away(
    refused: Rabbit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(action: str) -> str:
        capsys.readouterr()
        monkeypatch.setattr("sys.argv", ["deadletters", action, "extraction"])
        main()
        return capsys.readouterr().out

    monkeypatch.setenv("PAPERLANE_RABBITMQ_URL", refused.url)
    assert "a  process-document  conflict_status: not now  1  " in command("list")
    assert command("redrive") == "1 sent again\n"
    assert command("list") == ""
    monkeypatch.setenv("PAPERLANE_RABBITMQ_URL", "amqp://127.0.0.1:1")
    with pytest.raises(SystemExit, match="broker"):
        command("list")
