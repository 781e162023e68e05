"""What must add up on an invoice, to the rounding of a cent."""

from __future__ import annotations

from decimal import Decimal

CENT = Decimal("0.01")
# A product that is rounded to a cent, and may be off by one.
_LEAST_WRONG = Decimal("0.015")


def is_share(rate: Decimal, base: Decimal, amount: Decimal) -> bool:
    """Whether `rate` percent of `base` is `amount`."""
    return abs(base * rate / 100 - amount) < _LEAST_WRONG


def is_product(qty: Decimal, price: Decimal, net: Decimal) -> bool:
    """Whether quantity times price is the net amount of a line."""
    return abs(qty * price - net) < _LEAST_WRONG
