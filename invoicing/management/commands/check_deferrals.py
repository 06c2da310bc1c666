"""manage.py check_deferrals: prove that schedules, movements and the account of deferred income agree."""

from typing import Any

from django.core.management.base import CommandError

from core.management.scripts import ScriptCommand
from invoicing.proofs import prove_deferrals


class Command(ScriptCommand):
    """Exits with a status that isn't zero when any document breaks a rule, and names the document."""

    help = "Prove deferred income: schedules, movements and the account of the general ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found; then fail if it was anything."""
        self.proven = prove_deferrals()
        super().handle(*args, **options)
        if self.proven.problems:
            raise CommandError(f"{len(self.proven.problems)} documents break the rules of deferred income.")

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
        return problems or [f"Deferred income keeps all {len(self.proven.rules)} rules."]
