"""What the ledger says of open suspensions: the clock stops or goes on, the service comes back, a case ends."""

from datetime import date

from django.db import transaction

from ar_collections.actions.suspension_steps import (
    Kind,
    NotSuspendable,
    ask_support,
    close_suspension,
    note_step,
    tell_managers,
)
from ar_collections.models import SuspensionCase, SuspensionFreeze
from ar_collections.models.suspension import lock_suspension
from ar_collections.queries.suspension import Standing, standings_of
from ar_collections.suspension import DAY, PROOF_DAYS, RESTORES, STOPPED, Ending, Position, Stage
from core.calendars import calendar_of
from core.files import store_file
from core.models import User
from core.permissions import require


@transaction.atomic
def review_suspension(*, by: User, case: SuspensionCase, today: date) -> SuspensionCase:
    """Ask the ledger about one case. Asked again on the same day, it finds the same."""
    require(by, "collections.review_suspension", case.entity)
    case = lock_suspension(case)
    if case.is_over or case.stage == Stage.RESTORING:
        return case
    standing = standings_of([case], today)[case.pk]
    if case.stage in STOPPED:
        return _restore(by, case, standing, today)
    if standing.position == Position.SETTLED:
        return close_suspension(by=by, case=case, ending=Ending.PAID, on=today, note="Every document is settled.")
    _freeze(case, standing, today)
    _tell(by, case, standing, today)
    return case


@transaction.atomic
def record_proof(*, by: User, case: SuspensionCase, proof: tuple[str, bytes], note: str, on: date) -> SuspensionCase:
    """Keep a customer's proof of payment: the clock stands still until the money can have come, or the service comes
    back at once."""
    require(by, "collections.record_proof", case.entity)
    case = lock_suspension(case)
    if case.is_over:
        raise NotSuspendable(f"{case} is over.")
    name, content = proof
    file = store_file(by, case.entity, name, content)
    step = note_step(by=by, case=case, kind=Kind.PROOF, on=on, note=note, file=file)
    tell_managers(by=by, step=step)
    if case.stage in STOPPED:
        case.stage = Stage.RESTORING
        case.save(update_fields=["stage"])
        ask_support(by=by, case=case, on=on, why=f"Proof of payment: {file.name}")
    elif case.stage != Stage.RESTORING:
        until_on = calendar_of(case.entity).add_business_days(on, PROOF_DAYS)
        SuspensionFreeze.objects.create(
            case=case, reason=f"Proof of payment: {file.name}"[:200], proof=file, from_on=on, until_on=until_on
        )
    return case


def _restore(by: User, case: SuspensionCase, standing: Standing, today: date) -> SuspensionCase:
    if standing.position not in RESTORES:
        _tell(by, case, standing, today)
        return case
    case.stage, case.position = Stage.RESTORING, standing.position
    case.save(update_fields=["stage", "position"])
    ask_support(by=by, case=case, on=today, why=standing.words or standing.position.label)
    return case


def _freeze(case: SuspensionCase, standing: Standing, today: date) -> None:
    """Stop the clock while something covers the debt, and let it go on afterwards."""
    open_one = case.freezes.filter(until_on=None).first()
    if standing.position == Position.OWED and open_one is not None:
        open_one.until_on = max(open_one.from_on, today - DAY)
        open_one.save(update_fields=["until_on"])
    elif standing.position != Position.OWED and open_one is None:
        reason = standing.words or standing.position.label
        SuspensionFreeze.objects.create(case=case, reason=reason[:200], from_on=today)


def _tell(by: User, case: SuspensionCase, standing: Standing, today: date) -> None:
    """The managers hear of each change of the position, once."""
    if case.position == standing.position:
        return
    before = Position(case.position).label
    case.position = standing.position
    case.save(update_fields=["position"])
    words = f"{before} → {standing.position.label}. {standing.words}".strip()
    tell_managers(by=by, step=note_step(by=by, case=case, kind=Kind.POSITION, on=today, note=words))
