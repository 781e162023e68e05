"""What auth needs of its directory, asked of the fake and of MongoDB alike: API keys."""

import dataclasses
import secrets
from datetime import timedelta

from services.auth.domain.clients import ApiKey, Digest
from services.auth.ports.directory import Directory
from shared.ids import new_hex_id
from shared.listing import Slice
from tests.contract.test_directory import NOW, a_client, mark


def a_key(client_id: str = "", company_id: str = "") -> ApiKey:
    return ApiKey(
        id=new_hex_id(),
        client_id=client_id or f"client-{new_hex_id()}",
        company_id=company_id or new_hex_id(),
        name="Second floor",
        digest=Digest("p1", secrets.token_bytes(32)),
        hint="wxyz",
        created_at=NOW,
        created_by="client-a",
    )


def test_a_key_is_found_by_its_digest_and_listed(directory: Directory) -> None:
    key = a_key()
    assert directory.add_api_key(key)
    unknown = Digest("p2", secrets.token_bytes(32))
    assert directory.api_key_by_digest([unknown, key.digest]) == key
    assert directory.api_key_by_digest([unknown]) is None
    assert directory.api_key(key.company_id, key.client_id, key.id) == key
    page = directory.api_keys(key.company_id, key.client_id, Slice())
    assert (page.items, page.total) == ([key], 1)


def test_another_companys_keys_are_not_found(directory: Directory) -> None:
    key, stranger = a_key(), new_hex_id()
    directory.add_api_key(key)
    assert directory.api_keys(stranger, key.client_id, Slice()).total == 0
    assert directory.api_key(stranger, key.client_id, key.id) is None
    assert directory.api_key(key.company_id, "another client", key.id) is None
    assert not directory.revoke_api_key(stranger, key.client_id, key.id, NOW)
    assert not directory.revoke_api_key(key.company_id, "another client", key.id, NOW)
    assert directory.api_key_by_digest([key.digest]) == key


def test_a_digest_and_a_mark_are_taken_once(directory: Directory) -> None:
    key, left = a_key(), mark()
    assert directory.add_api_key(key, left)
    assert directory.answer(left) == b"sealed"
    assert not directory.add_api_key(a_key(), left)
    assert not directory.add_api_key(dataclasses.replace(a_key(), digest=key.digest))


def test_a_revoked_key_is_nowhere_but_among_the_voided(directory: Directory) -> None:
    key = a_key()
    directory.add_api_key(key)
    assert directory.revoke_api_key(key.company_id, key.client_id, key.id, NOW)
    assert not directory.revoke_api_key(key.company_id, key.client_id, key.id, NOW)
    assert directory.api_key_by_digest([key.digest]) is None
    assert directory.api_key(key.company_id, key.client_id, key.id) is None
    assert directory.api_keys(key.company_id, key.client_id, Slice()).total == 0
    assert key.id in directory.voided_since(NOW).api_keys
    assert key.id not in directory.voided_since(NOW + timedelta(seconds=1)).api_keys


def test_with_a_client_its_keys_go(directory: Directory) -> None:
    client = a_client()
    own, others = a_key(client.id, client.company_id), a_key(company_id=client.company_id)
    directory.add_client(client)
    for key in (own, others):
        directory.add_api_key(key)
    assert directory.delete_client(client.company_id, client.id, NOW)
    assert directory.api_key_by_digest([own.digest]) is None
    assert directory.api_key_by_digest([others.digest]) == others
    assert own.id in directory.voided_since(NOW).api_keys


def test_a_key_is_digested_anew(directory: Directory) -> None:
    key, anew = a_key(), Digest("p2", secrets.token_bytes(32))
    directory.add_api_key(key)
    directory.redigest_api_key(key.digest, anew)
    assert directory.api_key_by_digest([key.digest]) is None
    assert directory.api_key_by_digest([anew]) == dataclasses.replace(key, digest=anew)
