"""Runs over contracts: those that renew by themselves, and files that are brought in. Each item is kept when done."""

from core import clock, runs
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run
from core.permissions import system_user
from invoicing.actions.intake import bring_in
from invoicing.actions.renewals import renew_by_itself, start_renewing
from invoicing.intake.reading import preview_of
from invoicing.models import Contract, ContractIntake
from invoicing.queries.renewals import overdue_notice, renewed_since


def start_due_renewals() -> list[Run]:
    """Start a run for every company that has contracts whose last day for notice is behind them."""
    started = []
    for entity in LegalEntity.objects.filter(is_active=True):
        day = clock.today(entity)
        if contracts := list(overdue_notice(entity, as_of=day)):
            started.append(start_renewing(by=system_user(), entity=entity, contracts=contracts, on=day)[0])
    return [run for run in started if not run.is_over]


def renew(run: Run) -> None:
    """Renew the contracts of a run; one that can't be renewed is told and stops no other."""
    keys: list[int] = run.parameters["contracts"]
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run):
        for contract in Contract.objects.filter(pk__in=keys, entity=run.entity).select_related("entity").order_by("pk"):
            try:
                renew_by_itself(by=run.started_by, contract=contract, as_of=run.business_date)
            except Refused as refusal:
                runs.fail_item(run, contract.number, refusal.message)
                continue
            if not runs.advance(run):
                return
    runs.finish(run, renewed=renewed_since(run.created_at, keys).count())


def carry_in(run: Run) -> None:
    """Bring the rows of a file in; a wrong one is told and stops no other, and what came in before stays."""
    intake = ContractIntake.objects.select_related("entity", "file").get(pk=run.parameters["intake"])
    items = preview_of(intake).items
    if not runs.take_up(run, total=len(items)):
        return
    brought = 0
    with Heartbeat(run):
        for item in items:
            try:
                bring_in(by=run.started_by, intake=intake, item=item)
            except Refused as refusal:
                runs.fail_item(run, item.label, refusal.message)
                continue
            brought += 1
            if not runs.advance(run):
                return
    runs.finish(run, brought_in=brought)
