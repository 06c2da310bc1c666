"""The life of a mandate as people steer it: drafted, released, paused, cancelled; and what the calendar does to it."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, StoredFile, User
from core.permissions import require
from customers.models import Customer, CustomerBankAccount, lock
from directdebit.accounts import why_not_drawn_from
from directdebit.dormancy import Dormancy, dormancy_of
from directdebit.errors import MandateRefused
from directdebit.models import Creditor, Mandate, MandateEvent
from directdebit.references import malformed
from directdebit.schemes import Scheme
from directdebit.steps import step_mandate

State, Source = Mandate.State, MandateEvent.Source


@transaction.atomic
def draft_mandate(
    *,
    by: User,
    creditor: Creditor,
    customer: Customer,
    bank_account: CustomerBankAccount,
    reference: str,
    signed_on: date,
    use: str = Mandate.Use.RECURRING,
    file: StoredFile | None = None,
    amended_from: str = "",
) -> Mandate:
    """Write down a payer's instruction. Nothing is told to a bank before it is released."""
    require(by, "directdebit.draft_mandate", creditor.entity)
    customer = lock(customer)
    reference = reference.strip()
    known = Mandate.objects.filter(creditor=creditor, reference=reference).first()
    if known is not None and (known.customer_id, known.bank_account_id) == (customer.pk, bank_account.pk):
        return known
    _refuse_draft(creditor, customer, bank_account, reference, known)

    mandate = Mandate.objects.create(
        entity=creditor.entity,
        creditor=creditor,
        customer=customer,
        bank_account=bank_account,
        reference=reference,
        use=use,
        signed_on=signed_on,
        file=file,
        amended_from=amended_from,
        created_by=by,
    )
    MandateEvent.objects.create(mandate=mandate, state=State.DRAFT, on=signed_on, source=Source.PERSON, by=by)

    after = {"customer": customer.code, "account": str(bank_account), "creditor": str(creditor)}
    audit(by, "mandate.drafted", mandate, entity=mandate.entity, after=after)
    return mandate


def _refuse_draft(
    creditor: Creditor, customer: Customer, account: CustomerBankAccount, reference: str, known: Mandate | None
) -> None:
    if customer.entity_id != creditor.entity_id or account.customer_id != customer.pk:
        raise MandateRefused(f"Account {account} is none of {customer.name}'s in {creditor.entity.name}.")
    if known is not None:
        raise MandateRefused(f"The reference {reference} is taken, by {known.customer.name}.")
    if reason := malformed(creditor.scheme, reference):
        raise MandateRefused(reason)
    if not creditor.is_active:
        raise MandateRefused(f"{creditor} isn't used any more.")
    other = Mandate.objects.filter(creditor=creditor, customer=customer, state__in=Mandate.UNDER_WAY).first()
    if other is not None:
        raise MandateRefused(f"{customer.name} has mandate {other.reference} already; cancel that one first.")
    if reason := why_not_drawn_from(creditor, account):
        raise MandateRefused(reason)


@transaction.atomic
def release_mandate(*, by: User, mandate: Mandate, released_on: date) -> Mandate:
    """Make a drafted mandate count: to be lodged with the payer's bank where the scheme asks for it, else active."""
    require(by, "directdebit.release_mandate", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    if mandate.state != State.DRAFT:
        return mandate
    if not mandate.bank_account.is_verified:
        raise MandateRefused(
            f"Account {mandate.bank_account} of {mandate.customer.name} isn't verified. Somebody else than "
            "who added it has to verify it first."
        )

    step_mandate(by, mandate, State.PENDING_LODGEMENT, released_on)
    if mandate.creditor.writes_files and not mandate.creditor.rules.lodged_before:
        mandate.lodged_on = mandate.usable_from = released_on
        step_mandate(by, mandate, State.LODGED, released_on, reason="The scheme asks for no lodging.")
        step_mandate(by, mandate, State.ACTIVE, released_on)

    audit(by, "mandate.released", mandate, entity=mandate.entity, after={"state": mandate.get_state_display()})
    return mandate


@transaction.atomic
def pause_mandate(*, by: User, mandate: Mandate, reason: str) -> Mandate:
    """Draw nothing by a mandate for the time being."""
    require(by, "directdebit.pause_mandate", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    if mandate.is_paused:
        return mandate
    if mandate.is_ended:
        raise MandateRefused(f"Mandate {mandate} ended already.")
    if not reason.strip():
        raise MandateRefused("Say why nothing is drawn for now.")

    mandate.paused_reason = reason.strip()[:200]
    mandate.save(update_fields=["paused_reason"])

    audit(by, "mandate.paused", mandate, entity=mandate.entity, reason=mandate.paused_reason)
    return mandate


@transaction.atomic
def resume_mandate(*, by: User, mandate: Mandate) -> Mandate:
    """Draw by a paused mandate again."""
    require(by, "directdebit.resume_mandate", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    if not mandate.is_paused:
        return mandate

    before = mandate.paused_reason
    mandate.paused_reason = ""
    mandate.save(update_fields=["paused_reason"])

    audit(by, "mandate.resumed", mandate, entity=mandate.entity, before={"paused": before})
    return mandate


@transaction.atomic
def cancel_mandate(*, by: User, mandate: Mandate, cancelled_on: date, reason: str) -> Mandate:
    """End a mandate at the payer's wish or ours. Where its bank was told of it, the next file tells of the end."""
    require(by, "directdebit.cancel_mandate", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    if mandate.is_ended:
        return mandate
    if not reason.strip():
        raise MandateRefused(f"Say why mandate {mandate} is cancelled.")

    was_lodged = mandate.lodged_on is not None
    mandate.cancellation_due = (
        was_lodged and mandate.creditor.writes_files and bool(mandate.creditor.rules.lodged_before)
    )
    step_mandate(by, mandate, State.CANCELLED, cancelled_on, reason=reason)

    audit(by, "mandate.cancelled", mandate, entity=mandate.entity, reason=reason.strip())
    return mandate


@transaction.atomic
def review_mandates(*, by: User, entity: LegalEntity, as_of: date) -> list[Mandate]:
    """What the days do: silence makes a lodged mandate active, disuse warns of its end and then ends it."""
    require(by, "directdebit.review_mandates", entity)
    rows = Mandate.objects.filter(entity=entity).select_related("creditor", "customer__entity")
    changed = []
    for mandate in rows.filter(state=State.LODGED, usable_from__lte=as_of, creditor__provider="file"):
        changed += _step_by_calendar(by, mandate, State.ACTIVE, as_of, "Lodged, and nobody refused it.")
    for mandate in rows.filter(state__in=Mandate.LIVE, creditor__scheme__in=[Scheme.BACS, *SEPA]):
        found = dormancy_of(mandate, as_of)
        if found is Dormancy.LAPSED:
            changed += _step_by_calendar(by, mandate, State.EXPIRED, as_of, "Not used for too long.")
        elif found is Dormancy.WARNED and mandate.state != State.DORMANT_WARNING:
            changed += _step_by_calendar(by, mandate, State.DORMANT_WARNING, as_of, "Not used for long.")
    return changed


SEPA = (Scheme.SEPA_CORE, Scheme.SEPA_B2B)


def _step_by_calendar(by: User, mandate: Mandate, state: str, on: date, reason: str) -> list[Mandate]:
    """The mandate in its new state; nothing where somebody changed it while it waited for its turn."""
    seen = mandate.state
    lock(mandate.customer)
    mandate = _again(mandate)
    if mandate.state != seen:
        return []
    step_mandate(by, mandate, state, on, reason=reason, source=Source.CALENDAR)
    audit(by, f"mandate.{state}", mandate, entity=mandate.entity, reason=reason)
    return [mandate]


def _again(mandate: Mandate) -> Mandate:
    """The mandate as it is now that it is this person's turn."""
    rows = Mandate.objects.select_related("creditor", "customer", "bank_account", "entity")
    return rows.get(pk=mandate.pk)
