"""What adds up: to the rounding of a cent, and for numbers of any length."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.extraction.domain.arithmetic import is_product, is_share

LONG = Decimal("9999999999999999999")


@pytest.mark.parametrize(
    ("net", "right"), [("1.00", True), ("1.01", True), ("1.02", True), ("1.03", False), ("0.99", False)]
)
def test_a_product_is_rounded_half_up_and_may_be_off_by_a_cent(net: str, right: bool) -> None:
    assert is_product(Decimal(3), Decimal("0.335"), Decimal(net)) is right


def test_a_share_is_in_percent() -> None:
    assert is_share(Decimal(19), Decimal("100.10"), Decimal("19.02"))
    assert not is_share(Decimal(7), Decimal("100.10"), Decimal("19.02"))


def test_numbers_as_long_as_any_that_is_read_are_multiplied() -> None:
    assert is_product(LONG, Decimal(1), LONG)
    assert not is_product(LONG, LONG, Decimal("3.30"))
    assert not is_share(LONG, LONG, Decimal("3.30"))
