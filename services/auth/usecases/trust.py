"""Whom to trust."""

from __future__ import annotations

from services.auth.ports import Desk
from shared.contracts.auth import Trust


def show_trust(desk: Desk) -> Trust:
    """The document by which every other process checks tokens."""
    return Trust(issuer=desk.issuer, keys=desk.signer.public_keys())
