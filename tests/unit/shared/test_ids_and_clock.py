"""Identifiers and time."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.clock import from_rfc3339, rfc3339, utc_now
from shared.ids import is_hex_id, is_uuid, new_hex_id, new_uuid, new_uuid7


def test_new_ids_are_valid_and_differ() -> None:
    assert is_hex_id(new_hex_id())
    assert is_uuid(new_uuid())
    assert len({new_hex_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["", "x" * 24, "A" * 24, "0" * 23, "0" * 24 + "\n"])
def test_other_texts_are_no_hex_ids(text: str) -> None:
    assert not is_hex_id(text)


@pytest.mark.parametrize("text", ["", "x", "{12345678-1234-5678-1234-567812345678}", "1" * 32])
def test_other_spellings_are_no_uuids(text: str) -> None:
    assert not is_uuid(text)


def test_uuid7_carries_version_variant_and_time() -> None:
    before = int(utc_now().timestamp() * 1000)
    made = uuid.UUID(new_uuid7())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= before + 5_000


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    moment = datetime(2026, 3, 1, 9, 15, 30, 120_000, timezone(timedelta(hours=1)))
    assert rfc3339(moment) == "2026-03-01T08:15:30.120Z"
    assert from_rfc3339("2026-03-01T08:15:30.120Z") == moment
    assert rfc3339(datetime(2026, 3, 1)) == "2026-03-01T00:00:00.000Z"


def test_a_moment_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        from_rfc3339("2026-03-01T08:15:30")


def test_now_has_what_mongodb_keeps() -> None:
    now = utc_now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
