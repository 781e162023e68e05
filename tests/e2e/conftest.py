"""What e2e tests get: the lane of the running stack, and a client of another company."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.companies import found_other_company
from tests.support.lane import Lane
from tests.support.stack import Stack


@pytest.fixture(scope="session")
def lane(stack: Stack) -> Iterator[Lane]:
    lane = Lane(stack.local)
    yield lane
    lane.client.close()


@pytest.fixture(scope="session")
def stranger(stack: Stack) -> Iterator[Lane]:
    """A client of another company of the same stack."""
    lane = Lane(stack.local, found_other_company(stack))
    yield lane
    lane.client.close()
