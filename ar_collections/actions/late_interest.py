"""Late interest: charged as a document of its own, waived within one's authority or after approval, taken back."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.late_books import LateBooks
from ar_collections.late_messages import LATE_CHARGE
from ar_collections.models import LateCharge, LateChargeLine
from ar_collections.papers.late_paper import late_paper_name, pdf_of_late_charge
from ar_collections.queries.late_interest import Accrued, accrued_of
from controls.actions import approve_request, request_approval, return_authority, use_authority
from controls.models import ApprovalRequest, Authority, AuthorityUse
from controls.queries import open_request
from core.audit import audit
from core.errors import Refused
from core.files import store_file
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import Address, Customer, lock
from customers.queries.data_quality import bounced_addresses
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import INVOICES, recipients_of

Kind = LateCharge.Kind


class NothingAccrued(Refused):
    """There is nothing to charge or to waive, or not so."""

    code = "nothing_accrued"


class NobodyToCharge(Refused):
    """The note would reach nobody."""

    code = "nobody_to_charge"


class LateChargeOver(Refused):
    """The charge or waiver stands otherwise than the step needs."""

    code = "late_charge_over"


@transaction.atomic
def charge_late_interest(
    *, by: User, customer: Customer, currency: str, items: Sequence[int], charged_on: date
) -> LateCharge:
    """Charge what has accrued on documents up to a day: a debit note with its working goes to the customer."""
    require(by, "collections.charge_late_interest", customer.entity)
    customer = lock(customer)
    accrued = _accrued(customer, currency, items, charged_on)
    _refuse_unreachable(customer)

    charge = _begun(by, customer, accrued, Kind.CHARGED, charged_on)
    charge.item = LateBooks(by).charge(charge, charged_on)
    charge.decided_by, charge.decided_on = by, charged_on
    charge.save(force_insert=True)
    _write_lines(charge, accrued, counts=True)
    charge.paper = store_file(by, charge.entity, late_paper_name(charge), pdf_of_late_charge(charge))
    charge.save(update_fields=["paper"])

    audit(by, "late_interest.charged", charge, entity=customer.entity, after=_told(charge))
    _send(by, charge)
    return charge


@transaction.atomic
def waive_late_interest(
    *, by: User, customer: Customer, currency: str, items: Sequence[int], reason: str, waived_on: date
) -> LateCharge:
    """Let go, within one's own limit, what has accrued on documents up to a day. Its days are never charged."""
    require(by, "collections.waive_late_interest", customer.entity)
    customer = lock(customer)
    waiver, accrued = _waiver(by, customer, currency, items, reason, waived_on)
    waiver.authority_use = use_authority(
        by=by,
        entity=customer.entity,
        kind=Authority.LATE_INTEREST,
        amount=waiver.money,
        counts_with=f"customer:{customer.pk}",
        subject_label=f"Late interest of {customer.name}",
        on=waived_on,
    )
    waiver.decided_by, waiver.decided_on = by, waived_on
    waiver.save(force_insert=True)
    _write_lines(waiver, accrued, counts=True)

    audit(by, "late_interest.waived", waiver, entity=customer.entity, after=_told(waiver), reason=waiver.reason)
    return waiver


@transaction.atomic
def request_late_waiver(
    *, by: User, customer: Customer, currency: str, items: Sequence[int], reason: str, requested_on: date
) -> LateCharge:
    """Ask that somebody with a higher limit lets go what has accrued. Until then it stays as it is."""
    require(by, "collections.request_late_waiver", customer.entity)
    customer = lock(customer)
    waiver, accrued = _waiver(by, customer, currency, items, reason, requested_on)
    waiver.save(force_insert=True)
    _write_lines(waiver, accrued, counts=False)
    request_approval(
        by=by,
        entity=customer.entity,
        kind=Authority.LATE_INTEREST,
        subject=waiver,
        subject_url=reverse("collections:late_charge", args=[waiver.pk]),
        subject_label=f"Late interest of {customer.name}",
        facts=[
            ("Customer", str(customer)),
            ("Documents", ", ".join(each.item.number for each in accrued)),
            ("Interest", str(Money(waiver.interest, currency))),
            ("Compensation", str(Money(waiver.compensation, currency))),
            ("Up to", f"{requested_on:%d %b %Y}"),
        ],
        effect="The days up to then are never charged on these documents; later ones bear interest as before.",
        amount=waiver.money,
        counts_with=f"customer:{customer.pk}",
        reason=waiver.reason,
        decide_url_name="collections:approve_late_waiver",
        requested_on=requested_on,
    )

    audit(by, "late_waiver.requested", waiver, entity=customer.entity, after=_told(waiver), reason=waiver.reason)
    return waiver


@transaction.atomic
def approve_late_waiver(
    *, by: User, request: ApprovalRequest, waiver: LateCharge, decided_on: date, comment: str = ""
) -> LateCharge:
    """Agree to somebody else's request: what had accrued by its day is let go."""
    require(by, "collections.approve_late_waiver", waiver.entity)
    lock(waiver.customer)
    waiver = _locked(waiver)
    if (request.subject_type, request.subject_id) != (waiver._meta.label_lower, str(waiver.pk)):
        raise LateChargeOver(f"The request is about {request.subject_label}, not about this waiver.")
    if waiver.decided_on is not None or waiver.taken_back_on is not None:
        raise LateChargeOver(f"{waiver} is {waiver.state} already.")
    _refuse_decided_meanwhile(waiver)
    approve_request(by=by, request=request, amount=waiver.money, decided_on=decided_on, comment=comment)

    waiver.decided_by, waiver.decided_on = by, decided_on
    uses = AuthorityUse.objects.filter(kind=request.kind, person=by, counts_with=request.counts_with)
    waiver.authority_use = uses.order_by("-pk").first()
    waiver.save(update_fields=["decided_by", "decided_on", "authority_use"])
    waiver.lines.update(counts=True)

    audit(by, "late_interest.waived", waiver, entity=waiver.entity, after=_told(waiver), reason=comment)
    return waiver


@transaction.atomic
def take_back_late_charge(*, by: User, charge: LateCharge, reason: str, taken_back_on: date) -> LateCharge:
    """Undo a charge or a waiver: its days can be decided on again. What was charged is credited."""
    require(by, "collections.take_back_late_charge", charge.entity)
    lock(charge.customer)
    charge = _locked(charge)
    if charge.taken_back_on is not None:
        return charge
    if not reason.strip():
        raise Refused("Write why it is taken back: the customer may ask.")
    later = LateChargeLine.objects.filter(item__in=charge.lines.values("item"), counts=True, charge__gt=charge.pk)
    if (other := later.select_related("charge__item", "item").first()) is not None:
        raise LateChargeOver(f"{other.charge} is about later days of {other.item.number}. Take that back first.")

    if charge.kind == Kind.CHARGED:
        books = LateBooks(by)
        books.credit(charge, books.left(charge), taken_back_on, reason)
    if charge.authority_use is not None:
        return_authority(by=by, use=charge.authority_use, returned_on=taken_back_on, reason=reason)
    charge.taken_back_on, charge.taken_back_by = taken_back_on, by
    charge.back_reason = reason.strip()[:400]
    charge.save(update_fields=["taken_back_on", "taken_back_by", "back_reason"])
    charge.lines.update(counts=False)

    audit(by, "late_interest.taken_back", charge, entity=charge.entity, before=_told(charge), reason=reason)
    return charge


# What is decided on ---------------------------------------------------------------------------------------------------


def _accrued(customer: Customer, currency: str, items: Sequence[int], on: date) -> list[Accrued]:
    """What has accrued on the chosen documents, asked anew after the lock; refused where it can't be decided on."""
    found = accrued_of(customer.entity, [customer.pk], as_of=on, items=items).get(customer.pk, [])
    found = [each for each in found if each.item.currency == currency]
    if (unknown := next((each for each in found if each.problem), None)) is not None:
        raise NothingAccrued(f"{unknown.item.number}: {unknown.problem}")
    if not found:
        raise NothingAccrued(f"Nothing has accrued in {currency} on these documents of {customer.name}.")
    for line in _asked_about([each.item.pk for each in found]):
        asked = open_request(
            kind=Authority.LATE_INTEREST, subject_type=line.charge._meta.label_lower, subject_id=line.charge_id
        )
        if asked is not None and asked.is_waiting(on):
            raise NothingAccrued(f"A waiver for {line.item.number} waits for approval: {asked}.")
    return found


def _refuse_unreachable(customer: Customer) -> None:
    """Nobody is asked to pay what nobody told them of."""
    to = recipients_of([customer], INVOICES)[customer.pk]
    if to.channel == Message.Channel.PRINT:
        if not customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).exists():
            raise NobodyToCharge(
                f"{customer.name} gets everything by post and has no billing address. Add one, then charge."
            )
    elif not set(to.to) - set(bounced_addresses(customer, to.to)):
        raise NobodyToCharge(
            f"Nobody at {customer.name} has an e-mail address for invoices to which mail goes, so the note would "
            "reach nobody. Add one to a contact, then charge."
        )


def _asked_about(items: Sequence[int]) -> Sequence[LateChargeLine]:
    rows = LateChargeLine.objects.filter(item__in=items, counts=False, charge__kind=Kind.WAIVED)
    rows = rows.filter(charge__decided_on=None, charge__taken_back_on=None)
    return list(rows.select_related("charge", "item"))


def _refuse_decided_meanwhile(waiver: LateCharge) -> None:
    for line in waiver.lines.select_related("item"):
        rows = LateChargeLine.objects.filter(item=line.item, counts=True, last_on__gte=line.first_on)
        if rows.filter(first_on__lte=line.last_on).exists():
            raise LateChargeOver(f"{line} was decided on meanwhile. The waiver has to be asked for anew.")


def _begun(by: User, customer: Customer, accrued: Sequence[Accrued], kind: LateCharge.Kind, on: date) -> LateCharge:
    return LateCharge(
        entity=customer.entity,
        customer=customer,
        kind=kind,
        currency=accrued[0].item.currency,
        interest=sum((each.interest for each in accrued), ZERO),
        compensation=sum((each.compensation for each in accrued), ZERO),
        until_on=on,
        asked_by=by,
        asked_on=on,
    )


def _waiver(
    by: User, customer: Customer, currency: str, items: Sequence[int], reason: str, on: date
) -> tuple[LateCharge, list[Accrued]]:
    if not reason.strip():
        raise Refused("Write why it is waived: auditors will ask.")
    accrued = _accrued(customer, currency, items, on)
    waiver = _begun(by, customer, accrued, Kind.WAIVED, on)
    waiver.reason = reason.strip()[:400]
    return waiver, accrued


def _write_lines(charge: LateCharge, accrued: Sequence[Accrued], *, counts: bool) -> None:
    LateChargeLine.objects.bulk_create(
        LateChargeLine(
            charge=charge,
            item=each.item,
            terms=each.terms,
            first_on=each.first_on,
            last_on=each.last_on,
            interest=each.interest,
            compensation=each.compensation,
            working=[
                [f"{line.span.first_on}", f"{line.span.last_on}", f"{line.span.base}", f"{line.span.percent}",
                 f"{line.amount}"]
                for line in each.lines
            ],
            counts=counts,
        )
        for each in accrued
    )  # fmt: skip


def _locked(charge: LateCharge) -> LateCharge:
    rows = LateCharge.objects.select_for_update(no_key=True, of=("self",))
    related = ("customer__entity", "customer__terms", "entity", "item__line__entry", "authority_use__person")
    return rows.select_related(*related, "authority_use__entity").get(pk=charge.pk)


def _send(by: User, charge: LateCharge) -> None:
    """The debit note with its working, to whoever receives invoices."""
    if charge.paper is None:
        raise AssertionError("It was stored a moment ago.")
    draft = Draft(
        kind=LATE_CHARGE,
        key=str(charge.pk),
        customer=charge.customer,
        recipients=recipients_of([charge.customer], INVOICES)[charge.customer_id],
        document=str(charge),
        document_url=reverse("collections:late_charge", args=[charge.pk]),
        context={"charge": charge.pk},
        files=[charge.paper],
    )
    queue_messages(by=by, drafts=[draft])


def _told(charge: LateCharge) -> dict[str, str]:
    return {
        "customer": charge.customer.code,
        "interest": str(Money(charge.interest, charge.currency)),
        "compensation": str(Money(charge.compensation, charge.currency)),
        "until": f"{charge.until_on}",
        "documents": ", ".join(charge.lines.order_by("pk").values_list("item__number", flat=True)),
    }
