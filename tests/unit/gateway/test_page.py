"""The page is made of files that are there, and of one script without the package that it comes in."""

import sys

import pytest

from gateway.docs.page import INDEX, POLICY, SCALAR, START, assets


def test_everything_that_the_page_loads_is_there() -> None:
    parts = assets()
    assert parts.keys() == {INDEX, START, SCALAR}
    page = parts[INDEX].path.read_text()
    for name in parts.keys() - {INDEX}:
        assert f'src="/v2/docs/{name}"' in page
        assert parts[name].path.stat().st_size
    assert len({part.etag for part in parts.values()}) == len(parts)
    assert assets() == parts


def test_the_script_comes_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("flask_openapi_scalar", "flask_openapi"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assets()
    assert not {"flask_openapi_scalar", "flask_openapi"} & sys.modules.keys()


def test_the_page_has_no_script_of_its_own_that_its_policy_would_stop() -> None:
    page = assets()[INDEX].path.read_text()
    assert page.count("<script") == page.count('<script src="/v2/docs/')
    assert "<style" not in page
    assert "default-src 'none'" in POLICY
