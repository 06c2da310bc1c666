"""Bring in a whole ledger from a folder of CSV files."""

from argparse import ArgumentParser
from os import cpu_count
from pathlib import Path
from typing import Any

from core.management.scripts import ScriptCommand, entity_named
from core.models import LegalEntity
from core.permissions import system_user
from integrations.intake import WHOLE
from integrations.ledger_folder import Folder
from integrations.ledger_import import Timing, import_customers_of, import_ledger
from integrations.shares import import_shares, share_named

LARGE_BYTES = 16 * 1024 * 1024


class Command(ScriptCommand):
    """Customers, invoices with lines, credit notes, receipts and what they settled."""

    help = "Bring in a whole ledger from a folder of CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, the company, and how it is shared out."""
        super().add_arguments(parser)
        parser.add_argument("folder")
        parser.add_argument("--entity", required=True)
        parser.add_argument("--without-receipts", action="store_true", help="Leave receipts to arrive by the bank.")
        parser.add_argument(
            "--workers",
            type=int,
            help="Processes that share the work; left out, one for a small folder, else two or more.",
        )
        parser.add_argument(
            "--share", default="", help="Only some customers' documents: 0/2 is the first of two shares."
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts and seconds for each kind."""
        entity = entity_named(options["entity"])
        folder = Folder(Path(options["folder"]), entity.currency)
        timings = self._timings(entity, folder, options)
        kinds = {kind: {"count": row.count, "seconds": row.seconds} for kind, row in timings.items()}
        return {"entity": entity.code, **kinds, "seconds": round(sum(row.seconds for row in timings.values()), 2)}

    def _timings(self, entity: LegalEntity, folder: Folder, options: dict[str, Any]) -> dict[str, Timing]:
        by, with_receipts = system_user(), not options["without_receipts"]
        share = share_named(options["share"]) if options["share"] else WHOLE
        workers = options["workers"] or _workers_for(folder)
        if workers == 1 or options["share"]:
            return import_ledger(by=by, entity=entity, folder=folder, with_receipts=with_receipts, share=share)

        folder.check(with_receipts=with_receipts)
        customers = import_customers_of(by=by, entity=entity, folder=folder)
        left_out = [] if with_receipts else ["--without-receipts"]
        shares = import_shares([options["folder"], "--entity", entity.code, *left_out], workers)
        return {"customers": customers, **shares}


def _workers_for(folder: Folder) -> int:
    """One for what is done in a minute; beyond that one a processor, and PostgreSQL works beside them."""
    invoices = folder.path / "invoices.csv"
    is_large = invoices.is_file() and invoices.stat().st_size > LARGE_BYTES
    return max(2, cpu_count() or 2) if is_large else 1
