"""What is measured at each size, in an order that lets later figures stand on earlier data."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bench import stage, workload
from bench.billing import measure_billing
from bench.deferred import measure_deferred
from bench.desk import measure_desk
from bench.dunning import measure_dunning
from bench.invoicing import measure_invoicing
from bench.ledger import Ground, measure_ageing, measure_ledger
from bench.matching import measure_matching
from bench.measures import Measure
from bench.pages import measure_pages
from bench.papers import measure_papers
from bench.receipts import measure_receipts
from bench.settlements import measure_settlements
from bench.statements import measure_statements
from bench.workers import answers_of
from core.models import LegalEntity
from core.permissions import system_user
from customers.models import Customer

LONGEST_IMPORT = {"L": 600}
MOST_MEGABYTES = {"import": 600, "ageing": 200}


@dataclass
class Earlier:
    """What later sizes are held beside."""

    matched: float | None = None


def measure(size: str, folder: Path, earlier: Earlier) -> Iterator[Measure]:
    """Every figure of a size. Writing invoices and receipts one by one and PDFs don't depend on it: at S only."""
    stage.open_company(stage.COMPANY)
    yield from _import(size, folder)
    entity = LegalEntity.objects.get(code=stage.COMPANY)
    past, today = (date.fromisoformat(day) for day in sorted(workload.expected(folder)))
    for figure in (*measure_ageing(entity, past), *measure_pages(entity, today)):
        yield figure if size in {"M", "L"} else _without_goal(figure)
    yield _ageing_worker(past)
    if size != "L":
        yield from _matching(folder, earlier)
    if size in {"XS", "S"}:
        yield from measure_papers(stage.COMPANY)
        ground = Ground(system_user(), entity, list(Customer.objects.filter(entity=entity)[:500]))
        yield from measure_invoicing(ground)
        yield from measure_deferred(ground)
        yield from measure_billing(ground)
        yield from measure_receipts(ground)
        yield from measure_ledger(ground)
        yield from measure_dunning(ground)
        yield from measure_statements()


def _import(size: str, folder: Path) -> Iterator[Measure]:
    (answer,) = answers_of(["import", str(folder), stage.COMPANY])
    kinds = {name: facts for name, facts in answer.items() if name != "megabytes"}
    taken = sum(facts["seconds"] for facts in kinds.values())
    most = LONGEST_IMPORT.get(size)
    parts = ", ".join(f"{name} {facts['count'] / facts['seconds']:,.0f}/s" for name, facts in kinds.items())
    goal, met = (f"≤ {most} s", taken <= most) if most else ("", True)
    yield Measure("import_ledger", "s", taken, None, parts, goal, met)
    yield _memory("memory of import_ledger, at most", answer, "import")


def _ageing_worker(past: date) -> Measure:
    (answer,) = answers_of(["ageing", stage.COMPANY, past.isoformat()])
    return _memory("memory of an ageing worker, at most", answer, "ageing")


def _without_goal(figure: Measure) -> Measure:
    """At small sizes the fixed cost of a statement or page is most of it; the goals speak of larger ones."""
    return replace(figure, goal="", met=True)


def _memory(work: str, answer: dict[str, Any], kind: str) -> Measure:
    most = MOST_MEGABYTES[kind]
    taken = answer["megabytes"]
    return Measure(work, "MB", taken, None, "", f"≤ {most} MB", taken <= most)


def _matching(folder: Path, earlier: Earlier) -> Iterator[Measure]:
    """The company whose receipts are yet to come: all of its invoices are open."""
    stage.open_company(stage.PAYERS)
    answers_of(["import-unpaid", str(folder), stage.PAYERS])
    entity = LegalEntity.objects.get(code=stage.PAYERS)
    for figure in measure_matching(entity, folder, earlier.matched):
        earlier.matched = figure.ours
        yield figure
    yield from measure_desk(entity, folder)
    yield from measure_settlements(entity)
