"""Another system: a real HTTP server that keeps what it is told, and can refuse, dawdle, or hang before it answers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener:
    """What it was told, and how it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answer = 200
        self.location = ""
        self.refuses = ""
        self.dawdles = ""
        self.paths: list[str] = []
        self.heard = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [headers["O2C-Event-Id"] for headers, _ in self.told]


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.told.append((dict(self.headers), body))
            listener.paths.append(self.path)
            listener.heard.set()
            listener.go_on.wait(30)
            if listener.dawdles and self.path.endswith(listener.dawdles):
                time.sleep(0.2)
            refused = listener.refuses and self.path.endswith(listener.refuses)
            self.send_response(503 if refused else listener.answer)
            if listener.location:
                self.send_header("Location", listener.location)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield listener
    finally:
        listener.go_on.set()
        server.shutdown()
        server.server_close()
