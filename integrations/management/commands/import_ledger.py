"""Bring in a whole ledger from a folder of CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from core.management.scripts import ScriptCommand, entity_named
from core.permissions import system_user
from integrations.ledger_folder import Folder
from integrations.ledger_import import import_ledger


class Command(ScriptCommand):
    """Customers, invoices with lines, credit notes, receipts and what they settled."""

    help = "Bring in a whole ledger from a folder of CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder and the company."""
        super().add_arguments(parser)
        parser.add_argument("folder")
        parser.add_argument("--entity", required=True)
        parser.add_argument("--without-receipts", action="store_true", help="Leave receipts to arrive by the bank.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts and seconds for each kind."""
        entity = entity_named(options["entity"])
        folder = Folder(Path(options["folder"]), entity.currency)
        timings = import_ledger(
            by=system_user(), entity=entity, folder=folder, with_receipts=not options["without_receipts"]
        )
        kinds = {kind: {"count": row.count, "seconds": row.seconds} for kind, row in timings.items()}
        return {"entity": entity.code, **kinds, "seconds": round(sum(row.seconds for row in timings.values()), 2)}
