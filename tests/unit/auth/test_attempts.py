"""Guessing at secrets: twenty failures are told within a minute, then nothing for half a minute (S-08)."""

from services.auth.domain.attempts import MAX_KNOWN, Attempts

WHO = ("client", "192.0.2.1")


def exhausted() -> Attempts:
    attempts = Attempts()
    assert [attempts.fail(*WHO, now=float(second)) for second in range(20)] == [0.0] * 20
    return attempts


def test_the_twenty_first_failure_begins_a_pause_that_is_not_prolonged() -> None:
    attempts = exhausted()
    assert attempts.fail(*WHO, now=20) == 30
    assert attempts.fail(*WHO, now=45) == 5
    assert attempts.fail(*WHO, now=50) == 0, "it is over"


def test_slow_failures_are_nobody_s_guesses() -> None:
    attempts = Attempts()
    assert {attempts.fail(*WHO, now=second * 4.0) for second in range(200)} == {0.0}


def test_other_addresses_and_clients_are_not_meant() -> None:
    attempts = exhausted()
    assert attempts.fail(*WHO, now=20) > 0
    assert attempts.fail("client", "192.0.2.2", now=20) == 0
    assert attempts.fail("another", "192.0.2.1", now=20) == 0


def test_memory_is_bounded() -> None:
    attempts = Attempts()
    for number in range(MAX_KNOWN + 10):
        attempts.fail(f"client-{number}", "192.0.2.1", now=0)
    assert len(attempts._records) == MAX_KNOWN
