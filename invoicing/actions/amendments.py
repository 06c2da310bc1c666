"""Changing what an active contract agrees. What was billed is not touched: what is too much is credited."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import User
from core.permissions import require
from customers.models import CreditStop, Customer, lock
from invoicing.actions.credit_notes import discard_credit_note
from invoicing.actions.drafts import discard_draft
from invoicing.actions.unused_days import credit_unused_days
from invoicing.amending import AmendmentDraft, AmendmentRefused, Following, Outcome
from invoicing.amendment_effects import Effect
from invoicing.cycles import ONE_DAY
from invoicing.models import (
    Amendment,
    AmendmentEffect,
    BilledPeriod,
    Contract,
    ContractLine,
    CreditNote,
    Invoice,
    PriceTier,
)
from invoicing.queries.amending import effects_on, outcome_of
from invoicing.queries.charging import billed_periods_of
from invoicing.queries.credit_stops import refuse_on_hold

REASONS: dict[str, str] = {
    Amendment.Kind.REMOVE: CreditNote.Reason.QUANTITY,
    Amendment.Kind.PRICE: CreditNote.Reason.PRICE,
    Amendment.Kind.EARLY_END: CreditNote.Reason.CANCELLATION,
    Amendment.Kind.BUY_OUT: CreditNote.Reason.CANCELLATION,
}
LONGEST_WORKING = AmendmentEffect._meta.get_field("working").max_length


@transaction.atomic
def amend_contract(*, by: User, contract: Contract, draft: AmendmentDraft) -> Amendment:
    """Record a change: lines end, others follow, drafts that bill too much go. The same source's id counts once."""
    require(by, "invoicing.amend_contract", contract.entity)
    lock(Customer(pk=contract.customer_id))
    if before := _recorded_before(contract, draft):
        return before
    current = Contract.objects.select_related("entity").get(pk=contract.pk)
    outcome = outcome_of(current, draft)
    _refuse_other_company(current, draft)
    if draft.kind == Amendment.Kind.RENEWAL:
        refuse_on_hold(current.entity, [current.customer], CreditStop.RENEWING, clock.today(current.entity))

    amendment, effects = _amendment(by, current, draft), effects_on(current, outcome)
    discarded = _discard_drafts(by, outcome) + _discard_credits(by, outcome)
    _write_lines(amendment, outcome)
    _keep_effects(amendment, effects)
    current.ends_on, current.renews, current.version = outcome.ends_on, outcome.renews, current.version + 1
    if draft.kind == Amendment.Kind.RENEWAL:
        current.notice_given_on = None
    current.save(update_fields=["ends_on", "renews", "version", "notice_given_on"])

    after = _summary(outcome) | {"effective_on": draft.effective_on, "drafts_discarded": discarded}
    audit(by, "contract.amended", current, entity=current.entity, after=after, reason=draft.reason)
    credit_unused_days(
        by=by, contract=current, reason_code=REASONS.get(draft.kind, CreditNote.Reason.OTHER), reason=str(amendment)
    )
    return amendment


@transaction.atomic
def renew_contract(
    *,
    by: User,
    contract: Contract,
    percent: Decimal | None = None,
    source: str = "form",
    source_id: str | None = None,
    reason: str = "",
) -> Amendment:
    """Agree the next term, with prices raised as the contract says where no percentage is given; once a source's id."""
    require(by, "invoicing.renew_contract", contract.entity)
    lock(Customer(pk=contract.customer_id))
    current = Contract.objects.select_related("entity").get(pk=contract.pk)
    rows = Amendment.objects.filter(contract=contract, source=source, source_id=source_id)
    first = rows.first() if source_id is not None else None
    draft = AmendmentDraft(
        kind=Amendment.Kind.RENEWAL.value,
        effective_on=first.effective_on if first is not None else _day_after_term(current),
        percent=percent,
        reason=reason,
        source=source,
        source_id=source_id,
    )
    return amend_contract(by=by, contract=current, draft=draft)


def _day_after_term(contract: Contract) -> date:
    if contract.ends_on is None:
        raise AmendmentRefused(f"{contract} runs until it is ended; there is nothing to renew.")
    return contract.ends_on + ONE_DAY


def _recorded_before(contract: Contract, draft: AmendmentDraft) -> Amendment | None:
    if draft.source_id is None:
        return None
    rows = Amendment.objects.filter(contract=contract, source=draft.source, source_id=draft.source_id)
    first = rows.first()
    if first is not None and first.content_hash != draft.content_hash:
        raise SameKeyOtherContent(f"{draft.source_id} amended {contract} already, with other content: {first}.")
    return first


def _refuse_other_company(contract: Contract, draft: AmendmentDraft) -> None:
    if draft.product is not None and draft.product.entity_id != contract.entity_id:
        raise AmendmentRefused(f"{draft.product} is another company's product.")


def _amendment(by: User, contract: Contract, draft: AmendmentDraft) -> Amendment:
    return Amendment.objects.create(
        contract=contract,
        kind=draft.kind,
        effective_on=draft.effective_on,
        source=draft.source,
        source_id=draft.source_id,
        content_hash=draft.content_hash,
        reason=draft.reason.strip(),
        recorded_by=by,
    )


def _discard_drafts(by: User, outcome: Outcome) -> list[str]:
    """Throw drafts away that bill days beyond a line's new end; they give their days back and are drafted anew."""
    ends = {ending.line.pk: ending.ends_on for ending in outcome.endings}
    periods = billed_periods_of(ending.line for ending in outcome.endings)
    drafts = {
        period.invoice_line.invoice_id: period.invoice_line.invoice
        for pk, rows in periods.items()
        for period in rows
        if period.last_on > ends[pk] and not period.invoice_line.invoice.is_issued
    }
    return [_discarded(by, drafts[pk]) for pk in sorted(drafts)]


def _discard_credits(by: User, outcome: Outcome) -> list[str]:
    """Credit notes that wait in draft for the days of these lines; they are drafted anew with the new ends."""
    billed = BilledPeriod.objects.filter(line__in=[ending.line.pk for ending in outcome.endings])
    waiting = CreditNote.objects.filter(
        number=None,
        lines__credited_from__isnull=False,
        lines__invoice_line__in=billed.values("invoice_line"),
    )
    found = list(waiting.select_related("entity", "customer", "invoice").distinct().order_by("pk"))
    names = [f"{credit_note} {credit_note.pk}" for credit_note in found]
    for credit_note in found:
        discard_credit_note(by=by, credit_note=credit_note)
    return names


def _discarded(by: User, invoice: Invoice) -> str:
    name = f"{invoice} {invoice.pk}"
    discard_draft(by=by, invoice=invoice)
    return name


def _write_lines(amendment: Amendment, outcome: Outcome) -> None:
    for ending in outcome.endings:
        rows = ContractLine.objects.filter(pk=ending.line.pk)
        rows.update(ends_on=ending.ends_on, ended_by=amendment)
    lines = list(_numbered(amendment, outcome.followings))
    ContractLine.objects.bulk_create(lines)
    PriceTier.objects.bulk_create(_tiers(outcome.followings))


def _keep_effects(amendment: Amendment, effects: Iterable[Effect]) -> None:
    """The working as it was shown: what is billed or credited later changes nothing about it."""
    AmendmentEffect.objects.bulk_create(
        AmendmentEffect(
            amendment=amendment,
            line=effect.line,
            amount=effect.amount,
            working=effect.working[:LONGEST_WORKING],
            document=effect.document,
        )
        for effect in effects
    )


def _numbered(amendment: Amendment, followings: Sequence[Following]) -> Iterator[ContractLine]:
    last = ContractLine.objects.filter(contract=amendment.contract_id).aggregate(last=Max("position"))["last"] or 0
    for position, following in enumerate(followings, start=last + 1):
        line = following.line
        line.contract, line.position, line.made_by = amendment.contract, position, amendment
        yield line


def _tiers(followings: Sequence[Following]) -> list[PriceTier]:
    return [
        PriceTier(line=following.line, from_quantity=tier.from_quantity, unit_price=tier.unit_price)
        for following in followings
        for tier in following.tiers
    ]


def _summary(outcome: Outcome) -> dict[str, object]:
    return {
        "ended": [f"{ending.line} on {ending.ends_on}" for ending in outcome.endings],
        "followed_by": [str(following.line) for following in outcome.followings],
        "ends_on": outcome.ends_on,
    }
