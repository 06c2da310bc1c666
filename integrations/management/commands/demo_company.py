"""Build the demo company, or say who can sign in to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.models import User
from integrations.demo.build import build, inbox_files, is_built
from integrations.demo.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    """Fills an empty installation with two companies and a year of books, relative to today."""

    help = "Build the demo company in an empty installation, or print its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only say who can sign in."""
        parser.add_argument("--logins", action="store_true", help="Only print who can sign in.")

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing: half a year of books would be no use."""
        if not options["logins"]:
            if is_built():
                raise CommandError("There is a company already; the demo is built only in an empty installation.")
            with transaction.atomic():
                build(self.stdout.write)
            self.stdout.write("Bank statements that wait: " + ", ".join(path.name for path in inbox_files()))
        for line in logins():
            self.stdout.write(line)


def logins() -> list[str]:
    """One line for each person of the demo who is here."""
    here = set(User.objects.values_list("email", flat=True))
    return [
        f"{person.email:22} {PASSWORD:18} {person.name}, {person.job_title}"
        for person in PEOPLE
        if person.email in here
    ]
