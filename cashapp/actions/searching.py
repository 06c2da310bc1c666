"""The search for whose money it is and what it is for: steps written down, an owner, reminders to the payer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from cashapp.errors import SearchRefused
from cashapp.models import CashSearch, Receipt, SearchStep, UnidentifiedReceipt
from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import may, require
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import STATEMENTS, recipients_of

Kind = SearchStep.Kind
Sum = Receipt | UnidentifiedReceipt
PURPOSE_ASKED = "purpose_asked"
BY_HAND = (Kind.NOTE, Kind.CALLED, Kind.WROTE, Kind.ASKED_BANK, Kind.ASKED_COLLEAGUE)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody tried, and when they go on."""

    kind: str
    text: str
    next_step_on: date | None = None


@transaction.atomic
def note_search(*, by: User, sum_found: Sum, step: Step) -> SearchStep:
    """Write down what was tried to find out about money that waits, and when somebody goes on."""
    require(by, "cashapp.note_search", sum_found.entity)
    search = _turn_with(sum_found)
    if step.kind not in BY_HAND or not step.text.strip():
        raise SearchRefused(f"Write what was tried about {search}.")

    search.next_step_on = step.next_step_on
    search.owner = search.owner or by
    search.save(update_fields=["next_step_on", "owner"])
    row = SearchStep.objects.create(
        search=search, kind=step.kind, text=step.text.strip()[:400], next_step_on=step.next_step_on, by=by
    )

    audit(by, "search.noted", search, entity=search.entity, after={"next_step_on": step.next_step_on}, reason=row.text)
    return row


@transaction.atomic
def assign_search(*, by: User, entity: LegalEntity, sums: Sequence[Sum], owner: User) -> int:
    """Give money that waits to somebody who looks after it, many at once; returns how many changed hands."""
    require(by, "cashapp.assign_search", entity)
    if not may(owner, "cashapp.note_search", entity):
        raise SearchRefused(f"{owner.name} doesn't work with cash in {entity.name}.")

    changed = 0
    for each in sorted(sums, key=lambda one: (one._meta.label, one.pk)):
        search = _turn_with(each)
        if search.owner_id == owner.pk:
            continue
        before = search.owner
        search.owner = owner
        search.save(update_fields=["owner"])
        SearchStep.objects.create(search=search, kind=Kind.ASSIGNED, text=f"To {owner.name}", by=by)
        told = {"owner": before.name if before else None}
        audit(by, "search.assigned", search, entity=entity, before=told, after={"owner": owner.name})
        changed += 1
    return changed


@transaction.atomic
def remind_payer(*, by: User, receipt: Receipt, on: date, next_step_on: date | None = None) -> Message:
    """Ask the payer what their money on account is for, at most once a day."""
    require(by, "cashapp.remind_payer", receipt.entity)
    search = _turn_with(receipt)
    customer = receipt.item.customer
    draft = Draft(
        kind=PURPOSE_ASKED,
        key=f"{receipt}:{on}",
        customer=customer,
        recipients=recipients_of([customer], STATEMENTS)[customer.pk],
        document=str(receipt),
        document_url=reverse("cashapp:receipt", args=[receipt.pk]),
        context={"receipt": receipt.pk},
    )
    [message] = queue_messages(by=by, drafts=[draft])
    if SearchStep.objects.filter(search=search, message=message).exists():
        return message

    search.next_step_on = next_step_on
    search.owner = search.owner or by
    search.save(update_fields=["next_step_on", "owner"])
    text = f"To {', '.join(message.to_addresses) or 'nobody: there is no address'}"
    SearchStep.objects.create(
        search=search, kind=Kind.REMINDED, text=text[:400], next_step_on=next_step_on, message=message, by=by
    )

    audit(by, "payer.reminded", receipt, entity=receipt.entity, after={"to": message.to_addresses})
    return message


@transaction.atomic
def review_old_cash(*, by: User, sum_found: Sum, reviewed_on: date, text: str) -> SearchStep:
    """Say what becomes of money that waits for 90 days and more; it is asked about again after another 90."""
    require(by, "cashapp.review_old_cash", sum_found.entity)
    search = _turn_with(sum_found)
    if not text.strip():
        raise SearchRefused(f"Write what becomes of {search}: keep looking, give it back, or ask for an approval.")

    search.reviewed_on = reviewed_on
    search.save(update_fields=["reviewed_on"])
    row = SearchStep.objects.create(search=search, kind=Kind.REVIEWED, text=text.strip()[:400], by=by)

    audit(by, "search.reviewed", search, entity=search.entity, after={"on": reviewed_on}, reason=row.text)
    return row


def _turn_with(sum_found: Sum) -> CashSearch:
    """The search, which begins with its first step; refused once the money is where it belongs."""
    if isinstance(sum_found, Receipt):
        receipt = Receipt.objects.select_for_update(no_key=True, of=("self",)).get(pk=sum_found.pk)
        about: dict[str, Sum] = {"receipt": receipt}
        waits = receipt.is_live and receipt.item.open_amount > 0
    else:
        rows = UnidentifiedReceipt.objects.select_for_update(no_key=True, of=("self",))
        unidentified = rows.get(pk=sum_found.pk)
        about, waits = {"unidentified": unidentified}, unidentified.is_live
    if not waits:
        raise SearchRefused(f"{sum_found} waits no longer: there is nothing to search for.")
    search, _ = CashSearch.objects.get_or_create(**about, defaults={"entity": sum_found.entity})
    return search
