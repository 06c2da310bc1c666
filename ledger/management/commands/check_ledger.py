"""manage.py check_ledger: prove every rule of the ledger over the whole database."""

from typing import Any

from django.core.management.base import CommandError

from core.management.scripts import ScriptCommand
from ledger.proofs import prove_ledger


class Command(ScriptCommand):
    """Exits with a status that isn't zero when any document breaks a rule, and names the document."""

    help = "Prove every rule of the ledger, the cached amounts included."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found; then fail if it was anything."""
        self.proven = prove_ledger()
        super().handle(*args, **options)
        if self.proven.problems:
            raise CommandError(f"{len(self.proven.problems)} documents break the rules of the ledger.")

    def answer(self, **options: Any) -> dict[str, Any]:
        """The rules and the documents that break one."""
        return {
            "ok": not self.proven.problems,
            "rules": self.proven.rules,
            "problems": [problem._asdict() for problem in self.proven.problems],
        }

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        """A line for each problem, or one that says that there is none."""
        problems = [f"{problem.rule}: {problem.document}: {problem.found}" for problem in self.proven.problems]
        return problems or [f"The ledger keeps all {len(self.proven.rules)} rules."]
