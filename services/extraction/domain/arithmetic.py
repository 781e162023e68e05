"""What must add up on an invoice, to the rounding of a cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def is_share(rate: Decimal, base: Decimal, amount: Decimal) -> bool:
    """Whether `rate` percent of `base` is `amount`."""
    return abs((base * rate / 100).quantize(CENT, ROUND_HALF_UP) - amount) <= CENT


def is_product(qty: Decimal, price: Decimal, net: Decimal) -> bool:
    """Whether quantity times price is the net amount of a line."""
    return abs((qty * price).quantize(CENT, ROUND_HALF_UP) - net) <= CENT
