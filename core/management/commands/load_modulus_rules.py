"""Bring in the UK's modulus rules from Pay.UK's files."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from core.actions import load_modulus_rules
from core.bank_checks import read_modulus_table
from core.management.scripts import ScriptCommand
from core.permissions import system_user


class Command(ScriptCommand):
    help = "Bring in valacdos.txt and scsubtab.txt, by which UK bank accounts are checked from a day on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Both files and the day."""
        super().add_arguments(parser)
        parser.add_argument("weights", type=Path, help="valacdos.txt")
        parser.add_argument("substitutes", type=Path, help="scsubtab.txt")
        parser.add_argument("--valid-from", type=date.fromisoformat, required=True, help="The day, such as 2026-06-01.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Load them and say how many rules they hold."""
        weights, substitutes = (options[name].read_text(encoding="latin-1") for name in ("weights", "substitutes"))
        issue = load_modulus_rules(
            by=system_user(), weights=weights, substitutes=substitutes, valid_from=options["valid_from"]
        )
        table = read_modulus_table(issue.weights, issue.substitutes)
        return {"valid_from": issue.valid_from, "rules": len(table.rules), "substitutes": len(table.substitutes)}
