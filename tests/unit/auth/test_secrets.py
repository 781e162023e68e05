"""Secrets and API keys over HTTP: shown once, two at a time, gone at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.auth.adapters.sealing import AesSeal
from services.auth.domain.clients import Peppers
from services.auth.errors import AnswerLost
from tests.support.administering import Administration
from tests.support.auth import CLIENT, COMPANY


@pytest.fixture
def auth() -> Administration:
    return Administration()


def test_the_old_secret_stays_good_for_the_overlap(auth: Administration) -> None:
    made = auth.new_client()
    path = f"/v2/clients/{made['id']}"
    rotated = auth.made(f"{path}/secrets", {"overlapSeconds": 60})
    assert auth.knows(made["id"], made["secret"])
    assert auth.knows(made["id"], rotated["secret"])
    assert [each["notAfter"] is None for each in auth.shown(made["id"])["secrets"]] == [False, True]
    auth.wait(60)
    assert not auth.knows(made["id"], made["secret"])
    assert auth.knows(made["id"], rotated["secret"])
    assert [each["id"] for each in auth.shown(made["id"])["secrets"]] == [rotated["id"]]


def test_of_three_secrets_the_oldest_ends_at_once(auth: Administration) -> None:
    made = auth.new_client()
    second, third = (auth.made(f"/v2/clients/{made['id']}/secrets", None) for _ in range(2))
    known = [auth.knows(made["id"], each["secret"]) for each in (made, second, third)]
    assert known == [False, True, True]


def test_without_overlap_the_old_secret_ends_at_once(auth: Administration) -> None:
    made = auth.new_client()
    auth.made(f"/v2/clients/{made['id']}/secrets", {"overlapSeconds": 0})
    assert not auth.knows(made["id"], made["secret"])


@pytest.mark.parametrize("overlap", [-1, 2_592_001, "60", 1.5, None, True])
def test_overlaps_that_are_none(auth: Administration, overlap: Any) -> None:
    answer = auth.call("POST", f"/v2/clients/{CLIENT}/secrets", {"overlapSeconds": overlap})
    assert (answer.status_code, "overlapSeconds" in answer.text) == (400, True)


def test_a_secret_is_ended_but_not_the_last(auth: Administration) -> None:
    made = auth.new_client()
    path = f"/v2/clients/{made['id']}/secrets"
    first = auth.shown(made["id"])["secrets"][0]["id"]
    assert auth.call("DELETE", f"{path}/{first}").status_code == 409
    auth.made(path, {})
    assert auth.call("DELETE", f"{path}/{first}").status_code == 204
    assert auth.call("DELETE", f"{path}/{first}").status_code == 404
    assert not auth.knows(made["id"], made["secret"])
    assert auth.actions == ["client.created", "secret.rotated", "secret.ended"]


def test_a_rotation_that_is_sent_again_shows_the_same_secret(auth: Administration) -> None:
    made = auth.new_client()
    path = f"/v2/clients/{made['id']}/secrets"
    with ThreadPoolExecutor(8) as pool:
        answers = {pool.submit(auth.call, "POST", path, {}, key="k").result().data for _ in range(8)}
    assert len(answers) == 1
    assert len(auth.shown(made["id"])["secrets"]) == 2
    other = auth.new_client()["id"]
    assert auth.call("POST", f"/v2/clients/{other}/secrets", {}, key="k").status_code == 422


def test_a_key_is_shown_once_listed_and_revoked(auth: Administration) -> None:
    path = f"/v2/clients/{auth.new_client()['id']}/api-keys"
    made = auth.made(path, {"name": "Second floor"}, key="k")
    assert re.fullmatch(r"paperlane_[A-Za-z0-9_-]{43}", made["key"])
    assert auth.made(path, {"name": "Second floor"}, key="k") == made
    found = auth.desk.directory.api_key_by_digest(auth.desk.peppers.digests(made["key"]))
    assert found
    assert (found.id, found.company_id) == (made["id"], COMPANY)
    listed = auth.call("GET", path).json or {}
    assert listed["data"] == [{name: value for name, value in made.items() if name != "key"}]
    assert listed["data"][0]["hint"] == made["key"][-4:]
    assert [auth.call("DELETE", f"{path}/{made['id']}").status_code for _ in range(2)] == [204, 404]
    assert auth.desk.trust.current().trust.revoked_api_keys == (made["id"],)
    assert auth.actions[1:] == ["api-key.created", "api-key.revoked"]


def test_nothing_that_is_shown_later_tells_a_secret(auth: Administration) -> None:
    made = auth.call("POST", "/v2/clients", {"name": "x"})
    assert made.headers["Cache-Control"] == "no-store"
    secret = (made.json or {})["secret"]
    client = auth.desk.directory.client((made.json or {})["id"])
    assert client
    shown = auth.call("GET", f"/v2/clients/{client.id}").text + auth.call("GET", "/v2/clients").text
    assert secret not in shown
    assert not [each for each in client.secrets if each.digest.value.hex() in shown]


def test_a_sealed_answer_opens_with_its_key_alone() -> None:
    old, new = "p" * 40, "q" * 40
    sealed = AesSeal(Peppers(old)).close("key", b"answer")
    assert b"answer" not in sealed
    assert sealed != AesSeal(Peppers(old)).close("key", b"answer")
    assert AesSeal(Peppers(new, old)).open("key", sealed) == b"answer"
    for seal, key in ((AesSeal(Peppers(old)), "other"), (AesSeal(Peppers(new)), "key")):
        with pytest.raises(AnswerLost):
            seal.open(key, sealed)
