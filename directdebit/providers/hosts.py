"""Which addresses a provider's key is ever sent to: those of hosts that an administrator allows, by HTTPS alone."""

from collections.abc import Collection
from urllib.parse import urlsplit

from directdebit.providers.protocol import ProviderRefused

# The stand-ins of tests answer here without TLS; they have to be on the list like every other host.
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def refuse_address(address: str, allowed: Collection[str]) -> None:
    """Refuse an address that is not on the list; an entry is a host, or a host with its port."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ProviderRefused(f"“{address}” is no address.") from None
    named = host if port is None else f"{host}:{port}"
    if not host or named not in {each.strip().lower() for each in allowed}:
        raise ProviderRefused(
            f"{named or address} is not among the hosts that O2C_DIRECT_DEBIT_HOSTS allows. An administrator adds it."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in THIS_MACHINE):
        raise ProviderRefused(f"{address} is not spoken to: keys and bank details leave by https alone.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ProviderRefused(f"{address} holds more than a host and a path.")
