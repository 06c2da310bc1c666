"""Read a remittance, and unless it is a trial, take it in and tie it to its money."""

from argparse import ArgumentParser
from pathlib import PurePath
from typing import Any

from cashapp.actions.remittances import take_in_remittance
from cashapp.models import Remittance
from cashapp.queries.remittance_documents import advice_document, remittance_document
from cashapp.remittances import LARGEST_FILE, read_remittances
from core.management.scripts import ScriptCommand, entity_named, file_named
from core.permissions import system_user


class Command(ScriptCommand):
    help = (
        "Read a remittance (X12 820 or 823, REMADV, lockbox, CSV, XLSX, e-mail, PDF, text) and take it in; with "
        "--dry-run only say what is in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--entity", required=True, help="The company's code.")
        parser.add_argument("--dry-run", action="store_true", help="Read the file, keep nothing.")

    def answer(self, **options: Any) -> dict[str, Any]:
        entity = entity_named(options["entity"])
        content, name = file_named(options["file"], LARGEST_FILE), PurePath(options["file"]).name
        if options["dry_run"]:
            told = [advice_document(advice) for advice in read_remittances(content, name)]
            return {"file": name, "dry_run": True, "remittances": told}
        taken = take_in_remittance(
            by=system_user(), entity=entity, name=name, content=content, source=Remittance.Source.COMMAND
        )
        told = [{**remittance_document(each.remittance), "is_new": each.is_new} for each in taken]
        return {"file": name, "dry_run": False, "remittances": told}

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        lines = []
        for told in answer["remittances"]:
            name = told["reference"] or told["trace"] or told["payer"] or "Remittance"
            lines.append(
                f"{name}: {told['total']} {told['currency']}, {len(told['lines'])} documents, {told['format']}"
            )
            lines += [f"  {each}" for each in told.get("differences", told.get("findings", []))]
            if "state" in told:
                lines.append(f"  {told['state'].replace('_', ' ')}" + ("" if told["is_new"] else ", known before"))
        return lines
