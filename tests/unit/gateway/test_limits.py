"""Quotas: never more than the limit, all of it can be had, few questions to the store, and what clients are told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from gateway.limits import quotas
from gateway.limits.counters import PAUSE_SECONDS, Away, Guarded
from gateway.limits.fields import fields
from gateway.limits.meter import Meter
from gateway.limits.quotas import LARGEST_SLICE, Quotas, Standing
from shared.plans import WINDOW_SECONDS
from tests.support.fakes.gateway import PLANS, MemoryCounters


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def counters(time: Time) -> MemoryCounters:
    return MemoryCounters(time)


def spend_all(shares: Quotas, limit: int, times: int) -> int:
    return sum(shares.spend("key", limit).allowed for _ in range(times))


@pytest.mark.parametrize("limit", [1, 2, 19, 20, 100, 1234])
def test_a_quota_can_be_used_up_and_no_more(counters: MemoryCounters, time: Time, limit: int) -> None:
    shares = Quotas(counters, time)
    assert spend_all(shares, limit, 2 * limit) == limit
    assert max(size for _, size in counters.asked) <= max(1, limit * LARGEST_SLICE)
    time.now += WINDOW_SECONDS
    assert spend_all(shares, limit, 2 * limit) == limit


@pytest.mark.parametrize("limit", [10, 100, 1000])
def test_processes_share_a_quota(counters: MemoryCounters, time: Time, limit: int) -> None:
    processes = [Quotas(counters, time) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        allowed = sum(pool.map(lambda number: processes[number % 4].spend("key", limit).allowed, range(3 * limit)))
    assert allowed == limit


def test_who_spends_quickly_seldom_asks_the_store(counters: MemoryCounters, time: Time) -> None:
    shares = Quotas(counters, time)
    assert spend_all(shares, 10_000, 8_000) == 8_000
    assert len(counters.asked) < 40
    counters.asked.clear()
    for _ in range(10):
        time.now += 5
        shares.spend("slow", 10_000)
    assert {size for _, size in counters.asked} == {1}


def test_who_is_refused_costs_the_store_nothing(counters: MemoryCounters, time: Time) -> None:
    shares = Quotas(counters, time)
    spend_all(shares, 10, 10)
    asked = len(counters.asked)
    refused = shares.spend("key", 10)
    assert refused == Standing(False, 10, 0, WINDOW_SECONDS)
    assert len(counters.asked) == asked
    time.now += WINDOW_SECONDS - 10
    assert shares.spend("key", 10).seconds == 11  # what a question to the store may take is added


def test_a_slice_is_not_spent_in_the_next_window(counters: MemoryCounters, time: Time) -> None:
    one, other = Quotas(counters, time), Quotas(counters, time)
    spend_all(one, 1000, 500)
    time.now += WINDOW_SECONDS
    assert spend_all(other, 1000, 1000) == 1000
    assert spend_all(one, 1000, 1000) == 0


def test_without_a_store_each_process_counts_for_itself(counters: MemoryCounters, time: Time) -> None:
    one, other = Quotas(counters, time), Quotas(counters, time)
    assert spend_all(one, 100, 60) == 60
    counters.down = True
    assert spend_all(one, 100, 100) <= 40, "what it knew of the quota holds on"
    assert spend_all(other, 100, 200) == 100
    counters.down = False
    time.now += WINDOW_SECONDS
    assert sum(spend_all(process, 100, 60) for process in (one, other, one)) == 100


def test_a_store_that_is_away_is_asked_seldom(counters: MemoryCounters, time: Time) -> None:
    guarded = Guarded(counters, time)
    counters.down = True
    with capture_logs() as lines:
        for _ in range(10):
            with pytest.raises(Away):
                guarded.take("key", 1)
        assert (len(counters.asked), guarded.down) == (1, True)
        time.now += PAUSE_SECONDS
        counters.down = False
        assert guarded.take("key", 1).count == 1
        assert not guarded.down
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("limits_store_away", "warning"),
        ("limits_store_back", "info"),
    ]


def test_a_slow_store_holds_up_only_those_whose_slice_it_is_asked_for(counters: MemoryCounters, time: Time) -> None:
    asked, answer = threading.Event(), threading.Event()
    take = counters.take

    def slow(key: str, amount: int) -> object:
        if key == "slow":
            asked.set()
            assert answer.wait(10)
        return take(key, amount)

    counters.take = slow  # type: ignore[assignment, method-assign]
    shares = Quotas(counters, time)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(shares.spend, "slow", 5)
        assert asked.wait(10)
        assert shares.spend("quick", 5).allowed
        answer.set()
        assert waiting.result().allowed


def test_keys_in_memory_are_bounded(counters: MemoryCounters, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "KEYS", 3)
    shares = Quotas(counters, time)
    for name in ("a", "b", "c", "a", "d"):
        shares.spend(name, 1)
    counters.asked.clear()
    for name in ("c", "a", "d", "b"):
        shares.spend(name, 1)
    assert [key for key, _ in counters.asked] == ["b"], "of the others it is known that nothing is left"


def test_a_plan_that_is_unknown_is_the_default_one(counters: MemoryCounters, time: Time) -> None:
    meter = Meter(Quotas(counters, time), PLANS)
    assert (meter.client("c", "gone").policy, meter.client("c", "small").standing.limit) == ("default", 3)
    assert (meter.token("c", "small").policy, meter.token("c", "small").standing.limit) == ("small-tokens", 2)


def test_an_ipv6_network_pays_as_one_and_an_address_however_it_is_written(counters: MemoryCounters, time: Time) -> None:
    meter = Meter(Quotas(counters, time), PLANS)
    for address in ("2001:db8::1", "2001:db8::ffff:2", "192.0.2.1", "::ffff:192.0.2.1", ""):
        meter.address(address)
    assert {key for key, _ in counters.asked} == {"address:2001:db8::/64", "address:192.0.2.1", "address:"}


def test_a_client_is_told_in_both_languages(counters: MemoryCounters, time: Time) -> None:
    meter = Meter(Quotas(counters, time), PLANS)
    assert fields(meter.client("c", "default")) == [
        ("x-ratelimit-limit", "100, 100;w=60"),
        ("x-ratelimit-remaining", "99"),
        ("x-ratelimit-reset", "60"),
        ("RateLimit-Policy", '"default";q=100;w=60'),
        ("RateLimit", '"default";r=99;t=60'),
    ]
