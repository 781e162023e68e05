"""Short numbers on a real MongoDB: unique in a company whoever asks, growing for each process."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import ServerSelectionTimeoutError

from shared import database
from shared.database import numbers as short_numbers
from shared.database.numbers import NUMBER_BLOCK, Numbers
from shared.errors import Unavailable
from shared.ids import new_hex_id

DATABASE = ALIAS = "numbers_contract"
SHORT_SECONDS = 0.2


@pytest.fixture(scope="module")
def collection(request: pytest.FixtureRequest) -> Iterator[Collection[dict[str, Any]]]:
    servers: Any = request.getfixturevalue("servers")
    database.connect(servers.mongodb_url(DATABASE), ALIAS)
    yield get_db(ALIAS)["numbers"]
    get_db(ALIAS).client.drop_database(DATABASE)
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def company() -> str:
    return new_hex_id()


def together(*calls: Callable[[], int]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result() for future in [threads.submit(call) for call in calls]]


def test_numbers_begin_at_one_and_grow_by_one(collection: Collection[dict[str, Any]], company: str) -> None:
    numbers = Numbers(collection)
    count = 2 * NUMBER_BLOCK + 5
    assert [numbers.next(company, "file") for _ in range(count)] == list(range(1, count + 1))


def test_companies_and_kinds_count_for_themselves(collection: Collection[dict[str, Any]], company: str) -> None:
    numbers = Numbers(collection)
    assert [numbers.next(company, "file"), numbers.next(company, "case")] == [1, 1]
    assert [numbers.next(new_hex_id(), "file"), numbers.next(company, "file")] == [1, 2]


def test_another_process_goes_on_in_a_block_of_its_own(collection: Collection[dict[str, Any]], company: str) -> None:
    before, after = Numbers(collection), Numbers(collection)
    assert before.next(company, "file") == 1
    assert after.next(company, "file") == NUMBER_BLOCK + 1
    assert before.next(company, "file") == 2


def test_threads_and_processes_at_once_never_get_the_same_number(
    collection: Collection[dict[str, Any]], company: str
) -> None:
    processes = [Numbers(collection) for _ in range(8)]
    taken = together(*(lambda n=n: n.next(company, "file") for n in processes * 40))
    assert len(set(taken)) == len(taken) == 320


def test_the_first_number_of_a_company_survives_a_race(collection: Collection[dict[str, Any]]) -> None:
    for company in [new_hex_id() for _ in range(10)]:
        taken = together(*(lambda c=company: Numbers(collection).next(c, "file") for _ in range(8)))
        assert sorted(taken) == [1 + NUMBER_BLOCK * n for n in range(8)]


class AwayCollection:
    """A collection whose server never answers."""

    def find_one_and_update(self, *_: Any, **__: Any) -> None:
        threading.Event().wait(SHORT_SECONDS)
        raise ServerSelectionTimeoutError


def test_of_many_who_ask_at_once_all_learn_in_time_that_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_numbers, "CALL_SECONDS", SHORT_SECONDS)
    numbers = Numbers(AwayCollection())  # type: ignore[arg-type]

    def seconds() -> float:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            numbers.next("a" * 24, "file")
        return time.monotonic() - began

    with ThreadPoolExecutor(16) as threads:
        taken = [future.result() for future in [threads.submit(seconds) for _ in range(16)]]
    assert max(taken) < 1
