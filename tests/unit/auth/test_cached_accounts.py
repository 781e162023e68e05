"""Accounts in memory: at most a second old, forgotten at once when told so, never remembered when absent."""

from dataclasses import replace

from services.auth.adapters.cache import CachedAccounts
from services.auth.domain.clients import Client
from tests.support.auth import CLIENT, COMPANY, make_desk


class Setting:
    """A directory with a client in it, and a clock that the test sets."""

    def __init__(self) -> None:
        self.directory, self.now = make_desk().directory, 0.0
        self.accounts = CachedAccounts(self.directory, lambda: self.now)

    def rename(self) -> Client:
        client = self.directory.client(CLIENT)
        assert client is not None
        assert self.directory.change_client(client, replace(client, name="another"))
        return client


def test_what_was_looked_up_is_remembered_for_a_second() -> None:
    setting = Setting()
    assert setting.accounts.remembered(CLIENT) is None
    client = setting.accounts.client(CLIENT)
    setting.rename()
    setting.now = 0.9
    assert setting.accounts.remembered(CLIENT) == client
    setting.now = 1.0
    assert setting.accounts.remembered(CLIENT) is None


def test_who_looks_anew_gets_what_is_there_now() -> None:
    setting = Setting()
    before = setting.accounts.client(CLIENT)
    setting.rename()
    assert setting.accounts.client(CLIENT) != before
    assert setting.accounts.remembered(CLIENT) != before


def test_what_is_forgotten_is_not_remembered() -> None:
    setting = Setting()
    assert setting.accounts.client(CLIENT)
    assert setting.accounts.company(COMPANY)
    setting.accounts.forget()
    assert setting.accounts.remembered(CLIENT) is None


def test_who_was_just_looking_remembers_nothing_that_is_outdated() -> None:
    setting = Setting()
    look = setting.directory.client

    def changed_meanwhile(client_id: str) -> Client | None:
        found = look(client_id)
        setting.accounts.forget()
        return found

    setting.directory.client = changed_meanwhile  # type: ignore[method-assign]
    assert setting.accounts.client(CLIENT)
    assert setting.accounts.remembered(CLIENT) is None


def test_what_is_absent_is_asked_for_each_time() -> None:
    setting = Setting()
    assert setting.accounts.client("nobody") is None
    assert setting.accounts.remembered("nobody") is None
