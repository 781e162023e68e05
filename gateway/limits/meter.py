"""Whom a request is charged to: the client by its plan, or the address of whoever showed nothing that is good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gateway.limits.quotas import Quotas, Standing
from shared.addresses import host
from shared.plans import ANONYMOUS, DEFAULT, Plan


class Charge(NamedTuple):
    """A request that was charged: under which policy, and how the payer stands now."""

    policy: str
    standing: Standing


class Meter:
    """Charges requests by `plans`; a plan that is not among them counts as the default one."""

    def __init__(self, quotas: Quotas, plans: Mapping[str, Plan]) -> None:
        self._quotas = quotas
        self._plans = plans
        self._default = plans[DEFAULT]
        self._anonymous = plans[ANONYMOUS]

    def client(self, client_id: str, plan: str) -> Charge:
        """A request with a good token."""
        mine = self._plans.get(plan, self._default)
        return Charge(mine.name, self._quotas.spend(f"client:{client_id}", mine.requests))

    def token(self, client_id: str, plan: str) -> Charge:
        """A token that was given out; counted apart from other requests."""
        mine = self._plans.get(plan, self._default)
        return Charge(f"{mine.name}-tokens", self._quotas.spend(f"tokens:{client_id}", mine.tokens))

    def address(self, address: str) -> Charge:
        """Any other request."""
        return Charge(self._anonymous.name, self._quotas.spend(f"address:{host(address)}", self._anonymous.requests))
