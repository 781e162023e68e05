"""What the security tests share: two companies that act through the public API, and where all of the stack is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.companies import found_other_company
from tests.support.forging import Forge
from tests.support.oauth import Actor, Credentials, signing_keys
from tests.support.stack import Stack


@pytest.fixture(scope="session")
def own(stack: Stack) -> Iterator[Actor]:
    """The first client of the stack's company: it has every scope, and the platform's too."""
    local = stack.local
    actor = Actor(local["base_url"], Credentials(local["client_id"], local["client_secret"]))
    yield actor
    actor.close()


@pytest.fixture(scope="session")
def other(stack: Stack) -> Iterator[Actor]:
    """The first client of another company."""
    actor = Actor(stack.local["base_url"], Credentials(*found_other_company(stack)))
    yield actor
    actor.close()


@pytest.fixture(scope="session")
def url(own: Actor) -> str:
    """Where clients see the stack: also the issuer of its tokens."""
    return own.base_url


@pytest.fixture(scope="session")
def doors(stack: Stack) -> dict[str, str]:
    """Where each process that takes requests listens itself, by name; the gateway among them."""
    services = stack.local["services"]
    return {name: services[name]["url"] for name in ("auth", "files", "documents", "gateway")}


@pytest.fixture(scope="session")
def keys_folder(stack: Stack) -> Path:
    """The private keys that the stack's tokens are signed with."""
    return stack.home.path / "credentials" / "signing-keys"


@pytest.fixture
def forge(own: Actor, keys_folder: Path) -> Forge:
    """Makes tokens of the first client, with the key that signs at the moment."""
    return Forge.of(own.new_token(), signing_keys(keys_folder))
