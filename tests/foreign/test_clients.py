"""OAuth clients that others wrote, as they are: none needs to know that it speaks to us."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from tests.support.oauth import ALGORITHM, AUDIENCE, Actor, Credentials, public_jwk
from tests.support.stack import Stack

FOLDER = Path(__file__).parent
KEY = ECKey.generate_key("P-256")
DOCUMENTS = "/v2/documents?limit=1"


@pytest.fixture(scope="module")
def own(stack: Stack) -> Iterator[Actor]:
    local = stack.local
    actor = Actor(local["base_url"], Credentials(local["client_id"], local["client_secret"]))
    yield actor
    actor.close()


@pytest.fixture(scope="module")
def client(own: Actor) -> Credentials:
    return own.new_client(scopes=["documents.read", "files.read"])


@pytest.fixture(scope="module")
def signer(own: Actor) -> Credentials:
    """A client that signs with KEY."""
    return own.new_client(authMethod="private_key_jwt", jwks=[public_jwk(KEY)])


@pytest.fixture(autouse=True)
def by_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack is reached without TLS, and without the proxies of whoever runs the tests."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("in_form", [False, True], ids=["client_secret_basic", "client_secret_post"])
def test_requests_oauthlib(own: Actor, client: Credentials, in_form: bool) -> None:
    with OAuth2Session(client=BackendApplicationClient(client.id, scope=["documents.read"])) as session:
        url = f"{own.base_url}/v2/auth/token"
        if in_form:
            token = session.fetch_token(url, client_id=client.id, client_secret=client.secret, include_client_id=True)
        else:
            token = session.fetch_token(url, auth=HTTPBasicAuth(client.id, client.secret))
        assert (token["scope"], token["token_type"]) == (["documents.read"], "Bearer")
        assert session.get(own.base_url + DOCUMENTS).status_code == 200


def test_requests_oauthlib_understands_refusals(own: Actor, client: Credentials) -> None:
    with OAuth2Session(client=BackendApplicationClient(client.id)) as session, pytest.raises(InvalidClientError):
        session.fetch_token(f"{own.base_url}/v2/auth/token", auth=HTTPBasicAuth(client.id, "wrong"))


@pytest.mark.parametrize("kind", ["httpx_client.OAuth2Client", "requests_client.OAuth2Session"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "private_key_jwt"])
def test_authlib(own: Actor, client: Credentials, signer: Credentials, kind: str, method: str) -> None:
    signs = method == "private_key_jwt"
    who = signer if signs else client
    known = own.http.get("/.well-known/oauth-authorization-server").json()
    with _authlib(kind)(
        who.id,
        KEY if signs else who.secret,
        scope="documents.read",
        token_endpoint=known["token_endpoint"],
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    ) as session:
        for _ in range(2):
            if signs:
                session.register_client_auth_method(_signature(known["issuer"]))
            token = session.fetch_token(grant_type="client_credentials")
            assert (token["scope"], token["token_type"]) == ("documents.read", "Bearer")
        assert session.get(own.base_url + DOCUMENTS).status_code == 200
        for endpoint in ("introspection", "revocation"):
            if signs:
                session.register_client_auth_method(_signature(known["issuer"]))
            ask = session.introspect_token if endpoint == "introspection" else session.revoke_token
            answer = ask(known[f"{endpoint}_endpoint"], token["access_token"])
            assert answer.status_code == 200
            assert endpoint == "revocation" or answer.json()["active"] is True


def _authlib(kind: str) -> Any:
    """The class; as its package is about to drop httpx for another, it says so when it is loaded."""
    module, _, name = kind.partition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        return getattr(importlib.import_module(f"authlib.integrations.{module}"), name)


def _signature(issuer: str) -> PrivateKeyJWT:
    """By its own default it is good for an hour, where we take five minutes at most."""
    return PrivateKeyJWT(issuer, {"exp": int(time.time()) + 60}, {"kid": "test"}, ALGORITHM)


def curl(*arguments: str) -> str:
    """What the program writes."""
    program = shutil.which("curl")
    assert program, "curl is missing"
    done = subprocess.run(
        [program, "--silent", "--show-error", "--fail-with-body", "--noproxy", "*", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_curl(own: Actor, client: Credentials) -> None:
    url = own.base_url
    grant = ("--data", "grant_type=client_credentials")
    token = json.loads(curl("-u", f"{client.id}:{client.secret}", *grant, f"{url}/v2/auth/token"))["access_token"]
    assert json.loads(curl("-H", f"Authorization: Bearer {token}", url + DOCUMENTS))["limit"] == 1
    form = (f"client_id={client.id}", f"client_secret={client.secret}")
    assert json.loads(curl(*grant, "-d", form[0], "--data-urlencode", form[1], f"{url}/v2/auth/token"))["scope"]
    assert json.loads(curl("--oauth2-bearer", token, url + DOCUMENTS))["limit"] == 1


def test_curl_with_an_api_key(own: Actor, client: Credentials) -> None:
    key = own.new_key(client.id)[1]
    for name in ("X-API-Key", "API-KEY", "x-api-key"):
        assert json.loads(curl("-H", f"{name}: {key}", own.base_url + DOCUMENTS))["limit"] == 1


@pytest.mark.extra
def test_oauth4webapi(own: Actor, client: Credentials, signer: Credentials, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(FOLDER / name, tmp_path)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(install, cwd=tmp_path, check=True, timeout=300)
    work = {
        "issuer": own.base_url,
        "audience": AUDIENCE,
        "resource": own.base_url + DOCUMENTS,
        "secret": {"id": client.id, "secret": client.secret},
        "signer": {"id": signer.id, "jwk": {**KEY.as_dict(private=True), "kid": "test"}},
    }
    done = subprocess.run(
        ["node", "client.mjs"],
        cwd=tmp_path,
        input=json.dumps(work),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    refused = found.pop("refused")
    assert refused["status"] == 401
    assert refused.get("error") in ("invalid_client", None)
    assert set(found) == {"client_secret_basic", "client_secret_post", "private_key_jwt"}
    for way, seen in found.items():
        subject = signer.id if way == "private_key_jwt" else client.id
        right = {"scope": "documents.read", "subject": subject, "used": 200, "before": True, "after": False}
        assert seen == right, way
