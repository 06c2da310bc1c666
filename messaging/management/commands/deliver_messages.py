"""Send what is due, once; for a machine without a worker."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.permissions import system_user
from messaging.sender import deliver


class Command(BaseCommand):
    help = "Send the messages whose time has come, and stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=600.0, help="Stop after so long.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = deliver(by=system_user(), seconds=options["seconds"])
        if tally.trouble:
            raise CommandError(tally.trouble)
        if options["json"]:
            self.stdout.write(
                json.dumps({"sent": tally.sent, "letters": tally.prepared_letters, "not_sent": tally.not_sent})
            )
        else:
            self.stdout.write(f"{tally.sent} sent, {tally.prepared_letters} ready to print, {tally.not_sent} not sent.")
