"""Work that is measured in a process of its own, so that its memory and its processor are its own.

    python -m bench.workers import FOLDER COMPANY | import-unpaid FOLDER COMPANY | ageing COMPANY DAY | papers COMPANY N

Each prints one JSON document.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from bench import stage

MEBIBYTE = 1024


def answers_of(*commands: list[str]) -> list[dict[str, Any]]:
    """Run workers side by side and read what they print."""
    started = [
        subprocess.Popen([sys.executable, "-m", "bench.workers", *command], stdout=subprocess.PIPE)  # noqa: S603
        for command in commands
    ]
    outputs = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        sys.exit("A worker of the measurement failed; see above.")
    return [json.loads(output) for output in outputs]


def peak_megabytes() -> float:
    """The most memory that this process, or the largest that it started, ever had."""
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return largest / MEBIBYTE


def bring_in(folder: str, code: str, *options: str) -> dict[str, Any]:
    """Import a ledger as people do, by the command."""
    from io import StringIO

    from django.core.management import call_command

    told = StringIO()
    call_command("import_ledger", folder, "--entity", code, "--json", *options, stdout=told)
    answer: dict[str, Any] = json.loads(told.getvalue())
    return {name: facts for name, facts in answer.items() if isinstance(facts, dict)}


def bring_in_unpaid(folder: str, code: str) -> dict[str, Any]:
    """Import a ledger whose receipts are yet to come."""
    return bring_in(folder, code, "--without-receipts")


def age(code: str, day: str) -> dict[str, Any]:
    """Age a company by customer, today and as known now."""
    from core import clock
    from core.management.scripts import entity_named
    from ledger.ageing import ageing

    entity = entity_named(code)
    rows = ageing(entities=[entity], as_of=date.fromisoformat(day), known_at=clock.now())
    return {"rows": len(rows)}


def print_papers(code: str, count: str) -> dict[str, Any]:
    """Make PDFs of invoices; what the first one costs is not counted."""
    from bench.papers import invoices_to_print, seconds_to_print

    invoices = invoices_to_print(code, int(count))
    return {"count": len(invoices), "seconds": seconds_to_print(invoices)}


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "import": bring_in,
    "import-unpaid": bring_in_unpaid,
    "ageing": age,
    "papers": print_papers,
}


def main() -> None:
    stage.begin()
    answer = WORK[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({**answer, "megabytes": round(peak_megabytes())}))


if __name__ == "__main__":
    main()
