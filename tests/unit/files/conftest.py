"""The application of files over fakes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.files.app import create_app
from tests.support.fakes.files import MemoryFiles, desk_over
from tests.support.fakes.storage import MemoryStore
from tests.support.resumable import Service
from tests.support.tokens import bearer


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


@pytest.fixture
def client(store: MemoryStore, files: MemoryFiles) -> FlaskClient:
    return create_app(desk_over(store, files), bearer()).test_client()


@pytest.fixture
def service() -> Service:
    return Service()
