"""A provider on this machine: a real server on a real port that does as the provider's papers say, faults included."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, Any]


class StandIn:
    """What every provider has in common: it counts, remembers who asked what, and fails where it is told to.

    `faults` are taken one for each request: “lost” does the work and never answers, “down” answers 503 and does
    nothing, “busy” answers 429 with the seconds to wait.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.requests: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> Reply:
        """The provider's own rules."""
        raise NotImplementedError

    def refusal(self, status: int, words: str) -> Any:
        """An error in the provider's form."""
        raise NotImplementedError

    def handle(self, method: str, target: str, body: bytes, headers: Any) -> tuple[Reply | None, dict[str, str]]:
        """Do the work, or the fault that was ordered."""
        parts = urlsplit(target)
        with self.lock:
            self.requests.append((method, parts.path))
            fault = self.faults.pop(0) if self.faults else ""
            if fault == "down":
                return (503, self.refusal(503, "Try later")), {}
            if fault == "busy":
                return (429, self.refusal(429, "Rate limit exceeded")), {"Retry-After": "1"}
            data = json.loads(body) if body else None
            reply = self.answer(method, parts.path.strip("/"), dict(parse_qsl(parts.query)), data, headers)
            return (None, {}) if fault == "lost" else (reply, {})


def handler_for(provider: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read `requests` instead."""

        def _any(self) -> None:
            with provider.lock:
                provider.at_once += 1
                provider.most_at_once = max(provider.most_at_once, provider.at_once)
            try:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                reply, extra = provider.handle(self.command, self.path, body, self.headers)
                if reply is None:
                    self.close_connection = True
                    return
                self._send(*reply, extra)
            finally:
                with provider.lock:
                    provider.at_once -= 1

        def _send(self, status: int, data: Any, extra: dict[str, str]) -> None:
            content = json.dumps(data).encode()
            self.send_response(status)
            for name, value in {
                **extra,
                "Content-Type": "application/json",
                "Content-Length": str(len(content)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _any

    return Handler


@contextmanager
def running(provider: StandIn) -> Iterator[str]:
    """Serve a provider for a while, at the address that this gives."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(provider))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def pauses() -> tuple[list[float], Callable[[float], object]]:
    """A pause that takes no time and remembers how long it was to be."""
    taken: list[float] = []
    return taken, taken.append
