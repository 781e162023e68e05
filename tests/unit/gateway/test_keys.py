"""API keys at the gateway: exchanged once, kept while good, dropped when voided; and refusals in the audit log."""

import pytest

from gateway.forward.denials import OF_ALL, OF_AN_ADDRESS, Denials
from gateway.forward.guard import Guard, is_at_home
from gateway.forward.keys import EARLY_SECONDS, KEYS, PAUSE_SECONDS, KeyRing, Pass
from shared.bearer import Bearer, Caller
from shared.contracts.auth import Trust
from shared.errors import NotFound, Unauthenticated, Unavailable
from shared.origin import Origin
from tests.support.fakes.audit import MemoryJournal
from tests.support.tokens import sign, trust

KEY = "paperlane_" + "k" * 43
GOOD_FOR = 300.0


class Auth:
    """Gives a new token for each exchange; `refusal` is raised instead."""

    def __init__(self) -> None:
        self.now = 0.0
        self.given: list[str] = []
        self.refusal: Exception | None = None

    def __call__(self, key: str, _: Origin) -> Pass:
        if self.refusal:
            raise self.refusal
        self.given.append(sign(client_id=f"{key[-1]}{len(self.given)}", jti=f"token-{len(self.given)}"))
        return Pass(self.given[-1], GOOD_FOR)


@pytest.fixture
def auth() -> Auth:
    return Auth()


@pytest.fixture
def ring(auth: Auth) -> KeyRing:
    return KeyRing(auth, lambda: auth.now)


def test_a_token_serves_until_shortly_before_it_expires(auth: Auth, ring: KeyRing) -> None:
    first = ring.token(KEY, Origin())
    auth.now = GOOD_FOR - EARLY_SECONDS - 1
    assert ring.token(KEY, Origin()) == first
    auth.now += 1
    assert ring.token(KEY, Origin()) != first


def test_while_auth_is_away_a_token_serves_to_its_end(auth: Auth, ring: KeyRing) -> None:
    first = ring.token(KEY, Origin())
    auth.refusal = Unavailable("away")
    for auth.now in (GOOD_FOR - EARLY_SECONDS, GOOD_FOR - 1):
        assert ring.token(KEY, Origin()) == first
    auth.now = GOOD_FOR
    with pytest.raises(Unavailable):
        ring.token(KEY, Origin())
    auth.refusal = None
    assert ring.token(KEY, Origin()) == auth.given[1]


def test_auth_is_left_alone_for_a_while_after_it_was_away(auth: Auth, ring: KeyRing) -> None:
    first = ring.token(KEY, Origin())
    auth.now, auth.refusal = GOOD_FOR - EARLY_SECONDS, Unavailable("away")
    assert ring.token(KEY, Origin()) == first
    auth.refusal = None
    assert ring.token(KEY, Origin()) == first
    auth.now += PAUSE_SECONDS
    assert ring.token(KEY, Origin()) != first


def test_a_key_that_auth_no_longer_knows_is_forgotten(auth: Auth, ring: KeyRing) -> None:
    ring.token(KEY, Origin())
    auth.now, auth.refusal = GOOD_FOR - EARLY_SECONDS, Unauthenticated("unknown")
    with pytest.raises(Unauthenticated):
        ring.token(KEY, Origin())
    auth.refusal = Unavailable("away")
    with pytest.raises(Unavailable):
        ring.token(KEY, Origin())


def test_keys_that_are_held_are_bounded(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEYS > 1000
    monkeypatch.setattr("gateway.forward.keys.KEYS", 2)
    ring = KeyRing(auth, lambda: auth.now)
    for letter in "abcca":
        ring.token("paperlane_" + letter * 43, Origin())
    assert len(auth.given) == 4, "the first key was forgotten"


def test_a_voided_token_is_exchanged_anew_once(auth: Auth, ring: KeyRing) -> None:
    void: dict[str, int] = {}

    def trusted() -> Trust:
        good = trust()
        return Trust(good.issuer, good.keys, revoked=dict(void))

    guard = Guard(Bearer(trusted), ring)
    assert guard.caller({"HTTP_API_KEY": KEY}, Origin()).client_id == "k0"
    void["token-0"] = 2**40
    environ = {"HTTP_X_API_KEY": KEY}
    assert guard.caller(environ, Origin()).client_id == "k1"
    assert environ["HTTP_AUTHORIZATION"] == f"Bearer {auth.given[1]}"
    assert "HTTP_X_API_KEY" not in environ
    void |= {"token-1": 2**40, "token-2": 2**40}
    with pytest.raises(Unauthenticated):
        guard.caller({"HTTP_X_API_KEY": KEY}, Origin())
    assert len(auth.given) == 3


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("192.0.2.9", (), True),
        ("192.0.2.9", ("192.0.2.0/24",), True),
        ("::ffff:192.0.2.9", ("192.0.2.0/24",), True),
        ("198.51.100.1", ("192.0.2.0/24", "2001:db8::/32"), False),
        ("", ("192.0.2.0/24",), False),
    ],
)
def test_a_caller_is_held_to_its_networks(address: str, networks: tuple[str, ...], allowed: bool) -> None:
    caller = Caller("c", "company", frozenset(), networks=networks, origin=Origin(address=address))
    assert is_at_home(caller) is allowed


def test_refusals_of_credentials_are_noted_within_bounds() -> None:
    journal, now = MemoryJournal(), [0.0]
    denials = Denials(journal, lambda: now[0])
    caller = Caller("c", "company", frozenset())
    denials.note(Unauthenticated("no"), "GET /v2/files", None, Origin("r-1", "", "192.0.2.1"))
    denials.note(NotFound("nothing"), "GET /v2/files", caller, Origin("r-2", "", "192.0.2.1"))
    (entry,) = journal.entries
    assert (entry.action, entry.subject, entry.address) == ("request.denied", "GET /v2/files", "192.0.2.1")
    for _ in range(2 * OF_AN_ADDRESS):
        denials.note(Unauthenticated("no"), "-", caller, Origin(address="192.0.2.1"))
    assert len(journal.entries) == OF_AN_ADDRESS
    for number in range(2 * OF_ALL):
        denials.note(Unauthenticated("no"), "-", None, Origin(address=f"address-{number}"))
    assert len(journal.entries) == OF_ALL
    now[0] += 60
    denials.note(Unauthenticated("no"), "-", None, Origin(address="192.0.2.1"))
    assert len(journal.entries) == OF_ALL + 1
