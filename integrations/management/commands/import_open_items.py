"""Bring in opening balances from another program's export."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from core.errors import Refused
from core.management.scripts import ScriptCommand, entity_named, file_named
from core.money import to_minor
from core.permissions import system_user
from core.tables import LARGEST_TABLE, read_table
from integrations.actions import import_open_items
from integrations.open_items.mappings import MAPPINGS, mapping_named
from integrations.open_items.reading import read_items
from integrations.open_items.rows import Reading, customers_in
from integrations.queries import refuse_what_cannot_be_posted


class Command(ScriptCommand):
    """Reads the file with a mapping, says of every row what becomes of it, and posts the right ones."""

    help = "Bring in opening balances from another program's export."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, mapping and company; what to do with wrong rows."""
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--mapping", required=True, help=f"One of {', '.join(MAPPINGS)}.")
        parser.add_argument("--entity", required=True)
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be brought in.")
        parser.add_argument("--skip-refused", action="store_true", help="Bring in the right rows all the same.")
        parser.add_argument("--with-settled", action="store_true", help="Settled documents as well, in full.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Read, refuse or post."""
        entity, mapping = entity_named(options["entity"]), mapping_named(options["mapping"])
        name = Path(options["file"]).name
        table = read_table(name, file_named(options["file"], LARGEST_TABLE))
        reading = read_items(table, mapping, currency=entity.currency, with_settled=options["with_settled"])
        refuse_what_cannot_be_posted(entity, reading)
        answer = summary(reading, mapping.usual_days)
        if options["dry_run"]:
            return answer | {"imported": 0}
        if reading.refused and not options["skip_refused"]:
            raise Refused(wrong_rows(name, reading))
        entries = import_open_items(
            by=system_user(), entity=entity, items=reading.items, program=mapping.program, usual_days=mapping.usual_days
        )
        return answer | {"imported": len(entries)}

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        """Counts, totals and the wrong rows."""
        totals = [f"  {currency} {total['items']} items" for currency, total in answer["currencies"].items()]
        wrong = [f"  row {row['row']}, {row['label']}: {row['reason']}" for row in answer["refused"][:20]]
        counts = f"{answer['rows']} rows: {answer['items']} items of {answer['customers']} customers, "
        return [f"{counts}{len(answer['refused'])} refused, {answer['skipped']} with nothing open.", *totals, *wrong]


def summary(reading: Reading, usual_days: int) -> dict[str, Any]:
    """What a reading found, in minor units per currency, and every refused row with its reason."""
    currencies: dict[str, dict[str, int]] = {}
    for item in reading.items:
        total = currencies.setdefault(item.currency, {"items": 0, "amount": 0})
        total["items"] += 1
        total["amount"] += to_minor(item.amount, item.currency)
    customers = customers_in(reading.items, usual_days)
    return {
        "rows": reading.rows,
        "items": len(reading.items),
        "customers": len(customers),
        "spelled_differently": sum(len(customer.spellings) > 1 for customer in customers),
        "terms": len({item.terms for item in reading.items if item.terms}),
        "currencies": currencies,
        "skipped": len(reading.left_out) - len(reading.refused),
        "refused": [{"row": row.row, "label": row.label, "reason": row.reason} for row in reading.refused],
    }


def wrong_rows(name: str, reading: Reading) -> str:
    """Why nothing was brought in, with the first wrong row."""
    first = reading.refused[0]
    count = f"{name}: {len(reading.refused)} of {reading.rows} rows are wrong, so nothing was brought in."
    return (
        f"{count} The first: row {first.row}, {first.label}: {first.reason} "
        "See all with --dry-run --json, or add --skip-refused."
    )
