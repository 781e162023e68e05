"""What must add up on an invoice, to the rounding of a cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
# Wide enough for the product of any two numbers that can be read.
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


def is_share(rate: Decimal, base: Decimal, amount: Decimal) -> bool:
    """Whether `rate` percent of `base` is `amount`."""
    return _is_near(base * rate / 100, amount)


def is_product(qty: Decimal, price: Decimal, net: Decimal) -> bool:
    """Whether quantity times price is the net amount of a line."""
    return _is_near(qty * price, net)


def _is_near(product: Decimal, stated: Decimal) -> bool:
    return abs(product.quantize(CENT, context=_EXACT) - stated) <= CENT
