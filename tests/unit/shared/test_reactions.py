"""The verdict on one delivery: done, again after a delay, or dead; and when `exhausted` is told."""

import pytest
from prometheus_client import REGISTRY

from shared.contracts.documents import DocumentDeleted, ProcessDocument
from shared.contracts.envelope import Envelope, Malformed, encode
from shared.contracts.extraction import DocumentExtracted
from shared.contracts.files import MembersStored
from shared.errors import Conflict, NotFound, Unavailable
from shared.logs import get_logger
from shared.messaging.reactions import (
    MAX_LOSSES,
    MAX_REASON,
    Again,
    Dead,
    Delivery,
    Done,
    Reaction,
    Reactions,
    check,
    react,
)
from tests.support.loglines import logged
from tests.support.messages import message

BODY = encode(message())
TIERS = 3


class Service:
    """Its reaction raises what it is told to, and remembers whom `exhausted` was told of."""

    def __init__(self, fault: Exception | None = None, deaf: Exception | None = None) -> None:
        self.fault, self.deaf = fault, deaf
        self.runs: list[Envelope] = []
        self.given_up: list[tuple[str, str]] = []
        self.reactions: Reactions = {ProcessDocument: Reaction(self.run, self.exhausted)}

    def run(self, envelope: Envelope) -> None:
        self.runs.append(envelope)
        if self.fault:
            raise self.fault

    def exhausted(self, envelope: Envelope, reason: str) -> None:
        if self.deaf:
            raise self.deaf
        self.given_up.append((envelope.id, reason))


def test_a_reaction_that_returns_is_done_and_was_given_the_message() -> None:
    service = Service()
    assert react(service.reactions, Delivery(BODY), TIERS) == Done()
    assert service.runs == [message()]


@pytest.mark.parametrize("failures", range(TIERS))
@pytest.mark.parametrize("fault", [Unavailable("S3 is away"), ValueError("a bug"), OSError("no")], ids=repr)
def test_a_failure_is_tried_again_after_the_next_delay(failures: int, fault: Exception) -> None:
    service = Service(fault)
    verdict = react(service.reactions, Delivery(BODY, failures), TIERS)
    assert isinstance(verdict, Again)
    assert (verdict.tier, verdict.failures) == (failures, failures + 1)
    assert str(fault) in verdict.reason
    assert service.given_up == []


def test_after_the_last_delay_the_owner_is_told_and_the_message_dead() -> None:
    service = Service(OSError("no"))
    verdict = react(service.reactions, Delivery(BODY, failures=TIERS), TIERS)
    assert verdict == Dead(TIERS + 1, "OSError: no")
    assert service.given_up == [(message().id, "OSError: no")]


def test_what_is_away_is_waited_for_as_long_as_it_takes() -> None:
    service = Service(Unavailable("S3 is away"))
    verdict = react(service.reactions, Delivery(BODY, failures=TIERS), TIERS)
    assert verdict == Again(TIERS - 1, TIERS, "service_unavailable: S3 is away")
    assert service.given_up == []


@pytest.mark.parametrize("fault", [NotFound("no such document"), Conflict("done"), Malformed("no result")], ids=repr)
def test_what_trying_again_cannot_help_is_dead_at_first_sight(fault: Exception) -> None:
    service = Service(fault)
    verdict = react(service.reactions, Delivery(BODY), TIERS)
    assert isinstance(verdict, Dead)
    assert verdict.attempts == 1
    assert str(fault) in verdict.reason
    assert service.given_up == [(message().id, verdict.reason)]


@pytest.mark.parametrize("body", [b"no JSON", encode(message(DocumentExtracted))], ids=["poison", "of others"])
def test_what_cannot_be_read_or_has_no_reaction_is_dead_at_first_sight(body: bytes) -> None:
    service = Service()
    verdict = react(service.reactions, Delivery(body, losses=1), TIERS)
    assert isinstance(verdict, Dead)
    assert verdict.attempts == 2
    assert verdict.reason.startswith("Malformed: ")
    assert service.runs == []


def test_lost_workers_are_forgiven_until_there_were_too_many() -> None:
    service = Service()
    assert react(service.reactions, Delivery(BODY, losses=MAX_LOSSES - 1), TIERS) == Done()
    verdict = react(service.reactions, Delivery(BODY, failures=1, losses=MAX_LOSSES), TIERS)
    assert isinstance(verdict, Dead)
    assert verdict.attempts == MAX_LOSSES + 1
    assert len(service.runs) == 1
    assert service.given_up == [(message().id, verdict.reason)]
    assert "lost" in verdict.reason


def test_nothing_is_dead_before_its_owner_knows() -> None:
    service = Service(ValueError("a bug"), deaf=Unavailable("MongoDB is away"))
    verdict = react(service.reactions, Delivery(BODY, failures=TIERS), TIERS)
    assert verdict == Again(TIERS - 1, TIERS + 1, "ValueError: a bug")
    service.deaf = None
    assert react(service.reactions, Delivery(BODY, verdict.failures, reason=verdict.reason), TIERS) == Dead(
        TIERS + 1, "ValueError: a bug"
    )
    assert len(service.runs) == 1
    assert service.given_up == [(message().id, "ValueError: a bug")]


def test_an_owner_that_refuses_the_news_for_good_is_not_asked_again() -> None:
    service = Service(ValueError("a bug"), deaf=NotFound("no such document"))
    assert react(service.reactions, Delivery(BODY, failures=TIERS), TIERS) == Dead(TIERS + 1, "ValueError: a bug")


def test_a_service_may_have_nothing_to_say_when_a_message_is_given_up() -> None:
    reactions: Reactions = {ProcessDocument: Reaction(Service(OSError("no")).run)}
    assert react(reactions, Delivery(BODY, failures=TIERS), TIERS) == Dead(TIERS + 1, "OSError: no")


def test_reasons_are_cut() -> None:
    verdict = react(Service(ValueError("x" * 10_000)).reactions, Delivery(BODY), TIERS)
    assert isinstance(verdict, Again)
    assert len(verdict.reason) == MAX_REASON


def test_log_lines_of_a_reaction_name_its_message(capfd: pytest.CaptureFixture[str]) -> None:
    log = get_logger("reaction")
    react({ProcessDocument: Reaction(lambda _: log.info("inside"))}, Delivery(BODY), TIERS)
    log.info("outside")
    inside, handled, outside = logged(capfd)
    envelope = message()
    for line in (inside, handled):
        assert line["correlation_id"] == envelope.correlation_id
        assert line["message_id"] == envelope.id
        assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
        assert line["company_id"] == envelope.company_id
        assert line["message_type"] == "process-document"
    assert (inside["event"], handled["event"]) == ("inside", "message handled")
    assert "message_id" not in outside


def test_deliveries_are_counted_by_type_and_outcome() -> None:
    def count() -> float:
        labels = {"type": "process-document", "outcome": "retried"}
        return REGISTRY.get_sample_value("paperlane_messages_handled_total", labels) or 0

    before = count()
    react(Service(OSError("no")).reactions, Delivery(BODY), TIERS)
    assert count() == before + 1


def test_a_service_reacts_to_exactly_what_the_registry_sends_it() -> None:
    reaction = Reaction(lambda _: None)
    whole = {ProcessDocument: reaction, MembersStored: reaction, DocumentDeleted: reaction}
    check("extraction", whole, (5,))
    with pytest.raises(ValueError, match="DocumentDeleted"):
        check("extraction", {ProcessDocument: reaction}, (5,))
    with pytest.raises(ValueError, match="DocumentRefused"):
        check("documents", {DocumentExtracted: reaction}, (5,))
    with pytest.raises(ValueError, match="DocumentExtracted"):
        check("extraction", whole | {DocumentExtracted: reaction}, (5,))
    with pytest.raises(ValueError, match="delay"):
        check("extraction", whole, ())
