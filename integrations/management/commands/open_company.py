"""Open a company in this installation."""

import secrets
from argparse import ArgumentParser
from typing import Any

from core.actions import change_password_of
from core.management.scripts import ScriptCommand
from core.models import User
from core.permissions import system_user
from integrations.actions import open_company

FIELDS = ("name", "legal_name", "currency", "country", "subdivision", "time_zone", "language", "tax_number")


class Command(ScriptCommand):
    """Makes the company, its books and limits, and an administrator with a first password."""

    help = "Open a company: its books, limits and administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can't be changed later is required: code and currency."""
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("--name", required=True)
        parser.add_argument("--legal-name", default="")
        parser.add_argument("--currency", required=True)
        parser.add_argument("--country", required=True)
        parser.add_argument("--subdivision", default="")
        parser.add_argument("--time-zone", default="Europe/London")
        parser.add_argument("--language", default="en")
        parser.add_argument("--tax-number", default="")
        parser.add_argument("--administrator", required=True, help="E-mail address of the first administrator.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Open it; the password is printed once and should be changed at the first sign-in."""
        email, system = options["administrator"], system_user()
        is_new = not User.objects.filter(email__iexact=email).exists()
        fields = {name: options[name] for name in FIELDS}
        fields["legal_name"] = fields["legal_name"] or fields["name"]
        fields["currency"] = fields["currency"].upper()
        entity = open_company(
            by=system, code=options["code"], administrator_email=email, administrator_name=email.split("@")[0], **fields
        )
        answer = {"company": entity.code, "currency": entity.currency, "administrator": email}
        if is_new:
            password = secrets.token_urlsafe(12)
            change_password_of(by=system, person=User.objects.get(email__iexact=email), password=password)
            answer["password"] = password
        return answer
