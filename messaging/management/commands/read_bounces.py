"""Take in mails that came back, from files."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from core.management.scripts import ScriptCommand, file_named
from core.permissions import system_user
from messaging.mailbox import LARGEST, Tally, take_in


class Command(ScriptCommand):
    """Reads each file once, however often it is given."""

    help = "Read mails that came back (.eml), mark what they bounced, and open a task for each address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE")

    def answer(self, **options: Any) -> dict[str, Any]:
        """How many were read, told of a bounce, and named a message of ours."""
        tally = Tally()
        for path in options["files"]:
            take_in(system_user(), file_named(path, LARGEST), tally)
        return asdict(tally)
