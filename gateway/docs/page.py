"""The page that shows the description in a browser: Scalar and a few lines of ours, with nothing from anywhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

INDEX, START, SCALAR = "page.html", "start.js", "scalar.js"
# The browser asks no other host, whatever a description that we show may say.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HERE = Path(__file__).parent
_IN_WHEEL = "templates/scalar/js/scalar.standalone.js"
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is sent as it is; `max_age` is how many seconds a browser may take it without asking."""

    path: Path
    media_type: str
    etag: str
    max_age: int


def assets() -> Mapping[str, Asset]:
    """What the page is made of, by name."""
    script = "text/javascript; charset=utf-8"
    return {
        INDEX: _asset(_HERE / INDEX, "text/html; charset=utf-8"),
        START: _asset(_HERE / START, script),
        SCALAR: _asset(_scalar(), script, _DAY_SECONDS),
    }


def _asset(path: Path, media_type: str, max_age: int = 0) -> Asset:
    return Asset(path, media_type, hashlib.sha256(path.read_bytes()).hexdigest(), max_age)


def _scalar() -> Path:
    """The script in the wheel. Importing its package would bring much along that nobody here needs."""
    wheel = find_spec("flask_openapi_scalar")
    assert wheel is not None, "it is a dependency"
    assert wheel.origin is not None, "it is a package of files"
    return Path(wheel.origin).parent / _IN_WHEEL
