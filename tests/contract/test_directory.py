"""What auth needs of its directory, asked of the fake and of MongoDB alike: companies and clients."""

import dataclasses
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mongoengine.connection import get_db

from services.auth.domain.clients import AuthMethod, Client, Company, Declared, Digest, Secret, States
from services.auth.ports.directory import Directory, Voided
from services.auth.repository.directory import MongoDirectory
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id
from shared.listing import Slice

NOW = datetime(2026, 3, 1, 8, 15, 30, 120_000, tzinfo=UTC)
DAY = timedelta(days=1)


def mark() -> Mark:
    return Mark(new_hex_id(), "of this request", answer=b"sealed")


def a_company(directory: Directory) -> Company:
    return Company(new_hex_id(), "Acme", directory.next_number(), NOW)


def a_client(company_id: str = "", **members: Any) -> Client:
    plain: dict[str, Any] = {
        "id": f"client-{new_hex_id()}",
        "company_id": company_id or new_hex_id(),
        "name": "Scanner",
        "scopes": frozenset({"files.read", "files.write"}),
        "secrets": (Secret("s1", Digest("p1", b"\x00digest"), NOW),),
        "created_at": NOW,
        "created_by": "client-a",
        "updated_at": NOW,
    }
    return Client(**plain | members)


FULL: dict[str, Any] = {
    "auth_method": AuthMethod.PRIVATE_KEY_JWT,
    "secrets": (
        Secret("s1", Digest("p1", b"1"), NOW, NOW + DAY),
        Secret("s2", Digest("p2", b"2"), NOW),
    ),
    "jwks": ({"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "k", "alg": "ES256"},),
    "lifetime_seconds": 60,
    "plan": "local",
    "projects": frozenset({"a" * 24}),
    "networks": ("10.0.0.0/8", "2001:db8::/32"),
    "states": States.DOCUMENTED,
    "disabled_at": NOW,
    "revoked_before": 1_800_000_000,
    "declared": Declared(Digest("p1", b"1"), frozenset({"files.read"}), Digest("p1", b"3")),
}


@pytest.mark.parametrize("members", [{}, FULL, {"projects": frozenset()}], ids=["plain", "full", "no projects"])
def test_a_client_is_found_as_it_was_added(directory: Directory, members: dict[str, Any]) -> None:
    client = a_client(**members)
    assert directory.add_client(client)
    assert directory.client(client.id) == client
    assert directory.client_of(client.company_id, client.id) == client
    assert directory.clients(client.company_id, Slice()).items == [client]


def test_another_companys_client_is_not_found(directory: Directory) -> None:
    client = a_client()
    directory.add_client(client)
    stranger = new_hex_id()
    assert directory.client_of(stranger, client.id) is None
    assert directory.clients(stranger, Slice()).total == 0
    assert not directory.delete_client(stranger, client.id, NOW)
    foreign = dataclasses.replace(client, company_id=stranger)
    assert not directory.change_client(foreign, dataclasses.replace(foreign, name="mine"))
    assert directory.client(client.id) == client


def test_an_id_is_taken_once(directory: Directory) -> None:
    client = a_client()
    assert directory.add_client(client)
    assert not directory.add_client(dataclasses.replace(client, name="again"))
    company = a_company(directory)
    assert not directory.add_company(company, client)
    assert directory.company(company.id) is None
    assert directory.client(client.id) == client


def test_a_change_replaces_everything_and_counts(directory: Directory) -> None:
    client = a_client(**FULL)
    directory.add_client(client)
    emptied = dataclasses.replace(client, projects=None, disabled_at=None, secrets=(), networks=(), declared=None)
    assert directory.change_client(client, emptied)
    assert directory.client(client.id) == dataclasses.replace(emptied, version=1)


def test_of_two_who_read_the_same_one_changes(directory: Directory) -> None:
    read = a_client()
    directory.add_client(read)
    for _ in range(2):  # of a record that never changed, and of one that did
        assert directory.change_client(read, dataclasses.replace(read, name="first"))
        assert not directory.change_client(read, dataclasses.replace(read, name="second"))
        again = directory.client(read.id)
        assert again
        assert again.name == "first"
        read = again


def test_a_mark_is_left_once_and_finds_the_answer(directory: Directory) -> None:
    left, client = mark(), a_client()
    assert directory.answer(left) is None
    assert directory.add_client(client, left)
    assert directory.answer(left) == b"sealed"
    assert not directory.add_client(a_client(), left)
    with pytest.raises(KeyReused):
        directory.answer(dataclasses.replace(left, fingerprint="of another"))


def test_a_change_leaves_its_mark_once(directory: Directory) -> None:
    left, other, client = mark(), mark(), a_client()
    directory.add_client(client, other)
    assert directory.change_client(client, dataclasses.replace(client, name="new"), left)
    changed = directory.client(client.id)
    assert changed
    assert not directory.change_client(changed, dataclasses.replace(changed, name="newer"), left)
    second = a_client()
    directory.add_client(second)
    assert not directory.change_client(second, dataclasses.replace(second, name="new"), left)
    assert (directory.answer(left), directory.answer(other)) == (b"sealed", b"sealed")


def test_of_many_with_one_mark_one_is_added(directory: Directory) -> None:
    left, company_id, results = mark(), new_hex_id(), list[bool]()
    threads = [
        threading.Thread(target=lambda: results.append(directory.add_client(a_client(company_id), left)))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 9 + [True]
    assert directory.clients(company_id, Slice()).total == 1


def test_a_deleted_client_is_nowhere_but_among_the_voided(directory: Directory) -> None:
    client, at = a_client(revoked_before=int((NOW + 2 * DAY).timestamp())), NOW + 2 * DAY
    left = mark()
    directory.add_client(client, left)
    assert directory.delete_client(client.company_id, client.id, at)
    assert directory.client(client.id) is None
    assert directory.client_of(client.company_id, client.id) is None
    assert directory.clients(client.company_id, Slice()).total == 0
    assert not directory.delete_client(client.company_id, client.id, at)
    assert not directory.change_client(client, dataclasses.replace(client, name="new"))
    assert not directory.add_client(client)
    assert client.id in directory.voided_since(at).disabled_clients
    assert client.id not in directory.voided_since(at).revoked_before
    assert client.id not in directory.voided_since(at + DAY).disabled_clients
    assert directory.answer(left) == b"sealed"


def test_lists_are_cut_newest_first(directory: Directory) -> None:
    company_id = new_hex_id()
    made = [a_client(company_id, created_at=NOW + day * DAY) for day in range(3)]
    for client in made:
        directory.add_client(client)
    page = directory.clients(company_id, Slice(offset=1, limit=1))
    assert (page.items, page.total) == ([made[1]], 3)
    assert directory.clients(company_id, Slice(limit=0)).items == []


def test_a_company_comes_with_its_first_client(directory: Directory) -> None:
    company, left = a_company(directory), mark()
    client = a_client(company.id)
    assert directory.add_company(company, client, left)
    assert directory.company(company.id) == company
    assert directory.client(client.id) == client
    assert directory.answer(left) == b"sealed"
    second = a_company(directory)
    assert not directory.add_company(second, a_client(second.id), left)
    assert directory.company(second.id) is None
    assert directory.companies(Slice(), company.id).items == [company]
    assert company in directory.companies(Slice(limit=50)).items
    for number, found in ((company.number, [company]), (second.number, [])):
        assert directory.companies(Slice(), number=number).items == found
        assert directory.companies(Slice(), company.id, number).items == found
    assert directory.companies(Slice(), second.id, company.number).items == []


def test_a_company_is_changed_as_it_was_read(directory: Directory) -> None:
    company = a_company(directory)
    directory.add_company(company, a_client(company.id))
    locked = dataclasses.replace(company, name="Emca", disabled_at=NOW)
    assert directory.change_company(company, locked)
    assert not directory.change_company(company, dataclasses.replace(company, name="late"))
    assert directory.company(company.id) == locked
    assert company.id in directory.voided_since(NOW).disabled_companies
    assert directory.change_company(locked, company)
    assert directory.company(company.id) == company
    assert company.id not in directory.voided_since(NOW).disabled_companies


def test_a_client_of_an_earlier_version_is_read_and_changed(mongo_directory: MongoDirectory) -> None:
    old = {"_id": "of old", "companyId": "c" * 24, "name": "first client", "scopes": ["files.read"], "createdAt": NOW,
           "secretDigests": [b"x"], "lifetimeSeconds": 3600, "disabled": False}  # fmt: skip
    get_db("auth")["clients"].insert_one(old)
    client = mongo_directory.client("of old")
    assert client
    assert (client.scopes, client.secrets, client.plan) == (frozenset({"files.read"}), (), "default")
    assert (client.auth_method, client.revoked_before, client.declared) == (AuthMethod.SECRET, 0, None)
    changed = dataclasses.replace(client, plan="local", revoked_before=7)
    assert mongo_directory.change_client(client, changed)
    assert mongo_directory.client("of old") == dataclasses.replace(changed, version=1)


def test_what_is_gone_is_forgotten_in_the_end(mongo_directory: MongoDirectory) -> None:
    """But not a client that is declared: the next start would bring it back."""
    plain, declared = a_client(), a_client(declared=FULL["declared"])
    for client in (plain, declared):
        mongo_directory.add_client(client)
        mongo_directory.delete_client(client.company_id, client.id, NOW)
    records = get_db("auth")["clients"]
    kept = [records.find_one({"_id": client.id}) or {} for client in (plain, declared)]
    assert [record.get("forgetAt") for record in kept] == [NOW + 2 * DAY, None]
    assert [record["secrets"] for record in kept] == [[], []]
    assert "expireAfterSeconds" in records.index_information()["forgetAt_1"]


def test_numbers_of_companies_differ(mongo_directory: MongoDirectory) -> None:
    assert len({mongo_directory.next_number() for _ in range(60)}) == 60


def test_all_tokens_of_a_company_are_voided(directory: Directory) -> None:
    moment = int(NOW.timestamp())
    first = a_client(revoked_before=moment + 5)
    second = a_client(first.company_id)
    stranger = a_client()
    for client in (first, second, stranger):
        directory.add_client(client)
    directory.void_tokens(first.company_id, NOW)
    found = directory.voided_since(NOW - DAY).revoked_before
    assert (found[first.id], found[second.id]) == (moment + 6, moment + 1)
    assert stranger.id not in found
    assert not directory.change_client(second, dataclasses.replace(second, name="read before"))


def test_what_was_voided_long_ago_is_not_listed(directory: Directory) -> None:
    client = a_client(disabled_at=NOW, revoked_before=int(NOW.timestamp()))
    directory.add_client(client)
    assert client.id in directory.voided_since(NOW).disabled_clients
    assert client.id in directory.voided_since(NOW - DAY).revoked_before
    later: Voided = directory.voided_since(NOW + DAY)
    assert client.id not in later.disabled_clients
    assert client.id not in later.revoked_before


def test_a_secret_is_digested_anew(directory: Directory) -> None:
    client = a_client(secrets=FULL["secrets"])
    directory.add_client(client)
    directory.redigest_secret(client.id, Digest("p2", b"2"), Digest("p3", b"3"))
    directory.redigest_secret(client.id, Digest("p9", b"unknown"), Digest("p3", b"9"))
    found = directory.client(client.id)
    assert found
    assert [secret.digest for secret in found.secrets] == [Digest("p1", b"1"), Digest("p3", b"3")]
    assert [secret.not_after for secret in found.secrets] == [NOW + DAY, None]


def test_every_change_of_a_client_is_a_new_version(directory: Directory) -> None:
    client, company = a_client(), a_company(directory)
    assert directory.client_version(client.id) is None
    directory.add_company(company, dataclasses.replace(client, company_id=company.id))
    versions = []
    for _ in range(2):
        versions.append(directory.client_version(client.id))
        directory.void_tokens(company.id, NOW)
    assert len({*versions, directory.client_version(client.id), None}) == 4
    now = directory.client(client.id)
    assert now is not None
    assert now.version == directory.client_version(client.id)
    directory.delete_client(company.id, client.id, NOW)
    assert directory.client_version(client.id) is None
