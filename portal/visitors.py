"""Who knocks: the network somebody comes from, never their whole address, and how often they may."""

import ipaddress
import re

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

MOST_A_MINUTE = 120
WRONG_A_MINUTE = 20
MINUTE = 60
KEY = re.compile(r"[A-Za-z0-9_-]{43}")
KEPT_OF_IPV4 = 24
KEPT_OF_IPV6 = 48


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, behind as many proxies as the settings trust."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def network_of(address: str) -> str:
    """The network of an address: enough to tell two companies apart, too little to tell two people."""
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return ""
    kept = KEPT_OF_IPV4 if host.version == 4 else KEPT_OF_IPV6
    return str(ipaddress.ip_network((host, kept), strict=False))


def knocks_too_often(address: str, *, wrong: bool = False) -> bool:
    """Count a request; whether it is one too many in this minute. Wrong keys run out sooner."""
    name = f"portal:{'wrong' if wrong else 'any'}:{address or 'unknown'}"
    cache.add(name, 0, MINUTE)
    try:
        count = cache.incr(name)
    except ValueError:  # the minute ended between the two
        return False
    return count > (WRONG_A_MINUTE if wrong else MOST_A_MINUTE)


def looks_like_a_key(text: str) -> bool:
    """Whether it is worth asking the database."""
    return KEY.fullmatch(text) is not None
