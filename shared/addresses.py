"""Whose word counts for a client's address: nobody's but that of the proxies that were configured."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Network = IPv4Network | IPv6Network
# An IPv6 host has a network of this size for itself: counted one by one, its addresses would never run out.
_IPV6_PREFIX = 64


class BehindProxies:
    """A WSGI application that sees the client's own address as REMOTE_ADDR.

    When the peer is one of `proxies`, that is the last address in X-Forwarded-For that is none of them; from any other
    peer the header is taken for the lie that it may be. The header goes no further either way.
    """

    def __init__(self, application: WSGIApplication, proxies: Sequence[Network]) -> None:
        self._application = application
        # The same few clients call all the time, and reading an address takes as long as reading a header.
        self._address = functools.lru_cache(maxsize=4096)(
            lambda peer, forwarded: client_address(peer, forwarded, proxies)
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = environ.pop("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = self._address(environ.get("REMOTE_ADDR", ""), forwarded)
        return self._application(environ, start_response)


def client_address(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address that a request came from; `forwarded` is the value of X-Forwarded-For, nearest last."""
    address = peer
    for claimed in reversed(forwarded.split(",")):
        if not within(address, proxies) or not claimed.strip():
            break
        address = claimed.strip()
    return address if _is_address(address) else peer


@functools.lru_cache(maxsize=4096)
def host(address: str) -> str:
    """Whom to count when requests from this address are counted."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a socket without addresses
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, _IPV6_PREFIX), strict=False))


def within(address: str, networks: Iterable[Network]) -> bool:
    """Whether the address, IPv4 within IPv6 too, is in one of the networks."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(mapped in network for network in networks if network.version == mapped.version)


def read_networks(text: str) -> tuple[Network, ...]:
    """The networks in `text`, CIDRs separated by spaces or commas; ValueError names one that is none."""
    return tuple(ip_network(cidr) for cidr in text.replace(",", " ").split())


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
