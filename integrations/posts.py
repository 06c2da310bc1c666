"""Posting to an address that somebody typed in, without letting it reach anything inside our own network.

The name is resolved once, every address that it has must be a public one, and the connection goes to exactly that
address: what a name server says a second later makes no difference. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from core.errors import Refused

SECONDS = 10
KEPT = 2000
TUNNELS = [ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class UnsafeAddress(Refused):
    """The address is not one on the public internet."""

    code = "unsafe_address"


@dataclass(frozen=True)
class Answer:
    """What came back. Without a status there was no answer, and `error` says why."""

    status: int | None
    text: str
    error: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Whether the other side has taken it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_local: bool) -> Answer:
    """Send a request; every failure is an answer, too."""
    began = time.monotonic()
    status, text, error = None, "", ""
    try:
        parts = checked(url, allow_local=allow_local)
        with _connected(parts, _address_of(parts, allow_local)) as connection:
            connection.request("POST", _target(parts), body=body, headers=dict(headers))
            response = connection.getresponse()
            status, text = response.status, response.read(KEPT).decode("utf-8", "replace").replace("\0", "")
    except Refused as refusal:
        error = refusal.message
    except (OSError, HTTPException) as failure:
        error = f"{type(failure).__name__}: {failure}"
    took = time.monotonic() - began
    if took >= SECONDS:
        status, error = None, f"No answer within {SECONDS} seconds."
    return Answer(status, text, error[:300], int(took * 1000))


def checked(url: str, *, allow_local: bool) -> SplitResult:
    """The parts of an address that may be posted to; raises UnsafeAddress."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress(f"{url} is no address.") from None
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise UnsafeAddress(f"{url} does not begin with https://.")
    if not parts.hostname or parts.username or parts.password or port == 0:
        raise UnsafeAddress(f"{url} has no host, or a name and password in it.")
    return parts


def _address_of(parts: SplitResult, allow_local: bool) -> str:
    """The numeric address to connect to. One private address among several is refused as well."""
    host = parts.hostname or ""
    found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        if not allow_local and not is_public(address):
            raise UnsafeAddress(f"{host} is at {address}, which is not on the public internet.")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is on the public internet, also when it is wrapped into another kind of address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


@contextmanager
def _connected(parts: SplitResult, address: str) -> Iterator[HTTPConnection]:
    """A connection that is cut after so many seconds, however slowly the other side goes on sending."""
    host, port = parts.hostname or "", _port(parts)
    connection: HTTPConnection = HTTPSConnection(host, port) if parts.scheme == "https" else HTTPConnection(host, port)
    plain = socket.create_connection((address, port), timeout=SECONDS)
    used = _secured(plain, host) if parts.scheme == "https" else plain
    connection.sock = used
    cut = Timer(SECONDS, _cut, [used])
    cut.start()
    try:
        if isinstance(used, ssl.SSLSocket):
            used.do_handshake()
        yield connection
    finally:
        cut.cancel()
        connection.close()


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Encrypted, but for the handshake: that is under the deadline, too."""
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    except OSError:
        plain.close()
        raise


def _cut(used: socket.socket) -> None:
    """Wake whoever reads, past the farewell of TLS, for which the other side would have to answer."""
    with suppress(OSError):
        socket.socket.shutdown(used, socket.SHUT_RDWR)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
