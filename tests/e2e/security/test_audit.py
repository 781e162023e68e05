"""Who did what is written down, and nobody can take it back unseen (S-46)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymongo
from pymongo.collection import Collection

from tests.support import eventually
from tests.support.lane import Lane
from tests.support.oauth import GRANT, Actor, ask_token, basic
from tests.support.samples import BUNDLE
from tests.support.servers import STACK_VHOST
from tests.support.stack import Stack, paperlane

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
SERVICES = ("auth", "files", "documents", "gateway")
Record = dict[str, Any]


def entries(reader: Actor, service: str, **query: str) -> list[Record]:
    answer = reader.call("GET", f"/v2/audit/{service}", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def expect_entry(reader: Actor, service: str, action: str, **query: str) -> Record:
    """The newest entry of this action; entries that nobody waits for come within a moment."""
    found = eventually(lambda: entries(reader, service, action=action, **query), seconds=3, every=0.1)
    return found[0]


def test_s46_tokens_are_written_down(url: str, own: Actor) -> None:
    client = own.new_client()
    sent = {"client_id": client.id, **GRANT}
    assert ask_token(url, sent | {"client_secret": client.secret}).status == 200
    assert ask_token(url, sent | {"client_secret": "wrong"}).status == 401
    for action in ("token.issued", "token.denied"):
        entry = expect_entry(own, "auth", action, actor=client.id)
        assert entry["address"] == "127.0.0.1"
        assert entry["requestId"]
        assert entry["time"]
    assert client.secret not in str(entries(own, "auth", actor=client.id))


def test_s46_a_denial_says_why_to_its_company_only(url: str, own: Actor, other: Actor) -> None:
    far = own.new_client(networks=["192.0.2.0/24"])
    assert ask_token(url, GRANT, far.basic).status == 401
    assert "network" in str(expect_entry(own, "auth", "token.denied", actor=far.id)["detail"])
    assert entries(other, "auth", actor=far.id) == []
    unknown = "nobody-at-all"
    assert ask_token(url, GRANT, basic(unknown, "x")).status == 401
    assert entries(other, "auth", actor=unknown) == []


def test_s46_changes_of_clients_are_written_before_they_are_answered(own: Actor) -> None:
    client = own.new_client()
    path = f"/v2/clients/{client.id}"
    made = [entry["action"] for entry in entries(own, "auth", subject=client.id)]
    assert made == ["client.created"]
    assert own.call("PATCH", path, json={"name": "another"}).status_code == 200
    changed = entries(own, "auth", subject=client.id)[0]
    assert changed["action"] == "client.changed"
    assert changed["actor"] == own.credentials.id
    assert len({changed["before"], changed["after"], ""}) == 3
    own.made(f"{path}/secrets", {})
    key_id, _ = own.new_key(client.id)
    assert own.call("DELETE", f"{path}/api-keys/{key_id}").status_code == 204
    assert own.call("POST", f"{path}/revoke-tokens").status_code in (202, 204)
    assert own.call("DELETE", path).status_code == 204
    about = {
        entry["action"] for entry in entries(own, "auth", subject=client.id) + entries(own, "auth", subject=key_id)
    }
    assert len(about) >= 6, about


def test_s46_files_and_documents_leave_a_trail(lane: Lane, own: Actor) -> None:
    document = lane.process(SAMPLE)
    assert lane.client.request("GET", f"/v2/files/{document['fileId']}").status_code == 200
    assert lane.post(f"/v2/documents/{document['id']}/transfer", {"successful": True}).status_code == 202

    def actions(service: str, subject: str) -> set[str]:
        return {entry["action"] for entry in entries(own, service, subject=subject)}

    eventually(lambda: len(actions("files", document["fileId"])) >= 2, seconds=3, every=0.1)
    eventually(lambda: len(entries(own, "documents", subject=document["id"])) >= 3, seconds=3, every=0.1)


def test_s46_each_company_reads_its_own(own: Actor, other: Actor) -> None:
    for service in SERVICES:
        shown = other.call("GET", f"/v2/audit/{service}").text
        assert own.credentials.id not in shown
        assert other.call("GET", f"/v2/audit/{service}/verification").status_code == 403
    mine = entries(own, "auth")
    assert mine == sorted(mine, key=lambda entry: entry["time"], reverse=True)


def verified(stack: Stack) -> subprocess.CompletedProcess[str]:
    return paperlane("audit", "verify", "--home", str(stack.home.path))


@contextmanager
def audited(stack: Stack, service: str) -> Iterator[tuple[Collection[Record], list[Record]]]:
    """The longest chain of a service, to be touched; it is put back afterwards."""
    with pymongo.MongoClient[Record](stack.servers.mongodb_url(f"{STACK_VHOST}_{service}")) as server:
        collection = server.get_default_database()["audit"]
        longest = next(collection.aggregate([{"$sortByCount": "$chain"}]))["_id"]
        kept = list(collection.find({"chain": longest}).sort("sequence"))
        assert len(kept) >= 5
        try:
            yield collection, kept
        finally:
            collection.delete_many({"_id": {"$in": [record["_id"] for record in kept]}})
            collection.insert_many(kept)


def edit(collection: Collection[Record], chain: list[Record]) -> None:
    collection.update_one({"_id": chain[2]["_id"]}, {"$set": {"actor": "somebody else"}})


def delete(collection: Collection[Record], chain: list[Record]) -> None:
    collection.delete_one({"_id": chain[2]["_id"]})


def reorder(collection: Collection[Record], chain: list[Record]) -> None:
    for one, two in ((1, 2), (2, 1)):
        places = {name: chain[two][name] for name in ("_id", "sequence", "previous")}
        collection.replace_one({"_id": chain[two]["_id"]}, chain[one] | places)


def truncate(collection: Collection[Record], chain: list[Record]) -> None:
    collection.delete_many({"chain": chain[0]["chain"]})


def test_s46_tampering_is_found(stack: Stack, lane: Lane) -> None:
    """By `paperlane audit verify`, which compares the chains with their anchors too."""
    for _ in range(6):
        lane.client.upload(SAMPLE, "a.pdf", "application/pdf")
    eventually(lambda: verified(stack).returncode == 0, seconds=10, every=0.5)
    for tamper in (edit, delete, reorder, truncate):
        with audited(stack, "files") as (collection, chain):
            tamper(collection, chain)
            found = verified(stack)
        assert found.returncode != 0, (tamper.__name__, found.stdout)
        assert chain[0]["chain"] in found.stdout
    assert verified(stack).returncode == 0
