"""What auth needs of its revocations, asked of the fake and of MongoDB alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.auth.models import RevokedTokenRecord, UsedAssertionRecord
from services.auth.ports.tokens import Revocations
from services.auth.repository.directory import MongoDirectory
from services.auth.repository.revocations import MongoRevocations
from shared.clock import utc_now
from shared.ids import new_hex_id
from tests.support.fakes.tokens import MemoryRevocations

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "mongodb"])
def revocations(request: pytest.FixtureRequest) -> Revocations:
    if request.param == "memory":
        return MemoryRevocations()
    request.getfixturevalue("mongo_directory")
    return MongoRevocations()


def test_a_revoked_token_is_listed_until_it_expires(revocations: Revocations) -> None:
    now, token = utc_now(), new_hex_id()
    for _ in range(2):
        revocations.revoke(token, now + MINUTE)
    assert revocations.revoked(now)[token] == int((now + MINUTE).timestamp())
    assert token not in revocations.revoked(now + MINUTE)


def test_an_assertion_is_used_once_per_client(revocations: Revocations) -> None:
    used, until = new_hex_id(), utc_now() + MINUTE
    assert revocations.use_assertion("a", used, until)
    assert not revocations.use_assertion("a", used, until)
    assert revocations.use_assertion("b", used, until)
    assert revocations.use_assertion("a", f"b{used}", until)


def test_of_many_at_once_one_uses_it(revocations: Revocations) -> None:
    used, until = new_hex_id(), utc_now() + MINUTE
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: revocations.use_assertion("a", used, until), range(16))) == 1


def test_mongodb_forgets_what_has_expired(mongo_directory: MongoDirectory) -> None:
    for record in (RevokedTokenRecord, UsedAssertionRecord):
        indexes = record._get_collection().index_information()
        assert {"key": [("expiresAt", 1)], "expireAfterSeconds": 0}.items() <= indexes["expiresAt_1"].items()
