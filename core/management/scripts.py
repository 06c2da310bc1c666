"""The base of commands that scripts use: one JSON document on standard output, or a sentence on standard error."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from core.errors import Refused
from core.models import LegalEntity


class ScriptCommand(BaseCommand):
    """Answers with a dictionary. `--json` prints it whole; without it people get `lines_of` the answer."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Every such command takes --json."""
        parser.add_argument("--json", action="store_true", help="Print one JSON document on standard output.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Do the work and return the answer; refusals are raised."""
        raise NotImplementedError

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        """The answer for people."""
        return [f"{name}: {value}" for name, value in answer.items()]

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; a refusal ends the command with its sentence and a status that isn't zero."""
        try:
            answer = self.answer(**options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(self.lines_of(answer)))


def entity_named(code: str) -> LegalEntity:
    """The company of that code, or a refusal that names those that there are."""
    entity = LegalEntity.objects.filter(code__iexact=code).first()
    if entity is None:
        codes = ", ".join(LegalEntity.objects.values_list("code", flat=True)) or "none yet; see manage.py open_company"
        raise Refused(f"There is no company {code}. There is {codes}.")
    return entity


def date_named(text: str) -> date:
    """A date as 2026-05-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}” is not a date. Write it as 2026-05-31.") from None


def file_named(path: str, largest: int) -> bytes:
    """The bytes of a file, or a refusal that names it."""
    try:
        with open(path, "rb") as handle:
            content = handle.read(largest + 1)
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from None
    if len(content) > largest:
        raise Refused(f"{path} has more than {largest // 1024 // 1024} MB. Split it.")
    return content
