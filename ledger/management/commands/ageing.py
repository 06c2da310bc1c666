"""manage.py ageing: what is open at the end of a day, by age, for scripts."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from core.errors import Refused
from core.management.scripts import ScriptCommand, date_named, entity_named
from core.models import LegalEntity
from core.money import to_minor
from ledger.ageing import BUCKETS, ageing


class Command(ScriptCommand):
    """Answers per currency in minor units, so that a script can compare figures to the cent."""

    help = "Age a company's receivables at the end of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which company, which day, as known when, by which date."""
        super().add_arguments(parser)
        parser.add_argument("--entity", required=True, help="Code of the company.")
        parser.add_argument("--as-of", required=True, help="The day, such as 2026-05-31.")
        parser.add_argument("--known-at", help="Leave out what was recorded later, such as 2026-06-03T18:00+00:00.")
        parser.add_argument("--by", choices=("due", "invoice"), default="due", help="Count days from which date.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """The ageing by currency."""
        entity = entity_named(options["entity"])
        as_of, known_at = date_named(options["as_of"]), _time_named(options["known_at"], entity)
        return {
            "entity": entity.code,
            "as_of": as_of,
            "known_at": known_at,
            "by": options["by"],
            "currencies": _by_currency(entity, as_of, known_at, options["by"]),
        }

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        """A line for each currency."""
        return [f"{currency}: {figures}" for currency, figures in answer["currencies"].items()] or ["Nothing is open."]


def _by_currency(entity: LegalEntity, as_of: date, known_at: datetime | None, by: Any) -> dict[str, dict[str, int]]:
    rows = ageing(entities=[entity], as_of=as_of, known_at=known_at, by=by, group_by="currency")
    return {
        row.currency: {
            **{
                bucket.label: to_minor(amount, row.currency)
                for bucket, amount in zip(BUCKETS, row.amounts, strict=True)
            },
            "total": to_minor(row.total, row.currency),
            "open_items": row.open_items,
            "unapplied_receipts": to_minor(row.unapplied_cash, row.currency),
        }
        for row in rows
    }


def _time_named(text: str | None, entity: LegalEntity) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise Refused(f"“{text}” is not a time. Write it as 2026-06-03T18:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=entity.zone)
