"""A mail server of a test: as much of IMAP4rev1 (RFC 3501), over a real socket, as reading unread mail takes."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SEEN = "\\Seen"


@dataclass
class Mail:
    """A mail in the folder, with its flags."""

    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """One account with one folder. `breaks_at` is the command at which the connection is lost, once."""

    name: str = "bounces@o2c.example"
    password: str = "s3cret/@?%"
    folder: str = "INBOX/Returned"
    mails: dict[int, Mail] = field(default_factory=dict)
    breaks_at: str = ""
    fetched: list[int] = field(default_factory=list)
    port: int = 0

    def receive(self, content: bytes, *flags: str) -> Mail:
        """A mail comes in."""
        mail = self.mails[len(self.mails) + 1] = Mail(content, set(flags))
        return mail

    def found(self, criteria: str) -> list[int]:
        """The mails that a search asks for."""
        smaller = re.search(r"SMALLER (\d+)", criteria)
        most = int(smaller.group(1)) if smaller else 2**31
        return [
            uid
            for uid, mail in self.mails.items()
            if len(mail.content) < most and not ("UNSEEN" in criteria and SEEN in mail.flags)
        ]


class Session(socketserver.StreamRequestHandler):
    """One client. Each command is answered by the method of its name."""

    box: Mailbox

    def handle(self) -> None:
        self.say("* OK IMAP4rev1 at your service")
        for line in self.rfile:
            tag, command, rest = [*line.decode().rstrip("\r\n").split(" ", 2), ""][:3]
            if command.upper() == "UID":
                command, _, rest = rest.partition(" ")
            if self.box.breaks_at == command.upper():
                self.box.breaks_at = ""
                return
            answer = getattr(self, f"do_{command.lower()}", self.unknown)(rest)
            self.say(f"{tag} {answer}")
            if command.upper() == "LOGOUT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def unknown(self, _: str) -> str:
        return "BAD I don't know that"

    def do_capability(self, _: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, rest: str) -> str:
        wanted = f'"{self.box.name}" "{self.box.password}"'
        return "OK welcome" if rest == wanted else "NO [AUTHENTICATIONFAILED] Invalid credentials"

    def do_select(self, rest: str) -> str:
        if rest.strip('"') != self.box.folder:
            return "NO there is no such folder"
        self.say(f"* {len(self.box.mails)} EXISTS")
        self.say("* OK [UIDVALIDITY 1] valid")
        return "OK [READ-WRITE] selected"

    def do_search(self, rest: str) -> str:
        self.say(" ".join(["* SEARCH", *map(str, self.box.found(rest))]))
        return "OK done"

    def do_fetch(self, rest: str) -> str:
        uid = int(rest.split(" ")[0])
        mail = self.box.mails[uid]
        self.box.fetched.append(uid)
        if "PEEK" not in rest:
            mail.flags.add(SEEN)
        facts = f"UID {uid} FLAGS ({' '.join(mail.flags)}) RFC822.SIZE {len(mail.content)}"
        self.wfile.write(
            f"* {uid} FETCH ({facts} BODY[] {{{len(mail.content)}}}\r\n".encode() + mail.content + b")\r\n"
        )
        return "OK done"

    def do_store(self, rest: str) -> str:
        uid, how, flags = rest.split(" ", 2)
        if how.startswith("+FLAGS"):
            self.box.mails[int(uid)].flags |= set(flags.strip("()").split())
        self.say(f"* {uid} FETCH (UID {uid} FLAGS ({' '.join(self.box.mails[int(uid)].flags)}))")
        return "OK done"

    def do_expunge(self, _: str) -> str:
        return "OK nothing was marked as deleted"

    def do_logout(self, _: str) -> str:
        self.say("* BYE see you")
        return "OK done"


@contextmanager
def serving(box: Mailbox) -> Iterator[Mailbox]:
    """The account on a port of its own."""
    session = type("ThisSession", (Session,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
