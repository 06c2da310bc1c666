"""Contracts from draft to notice. A draft bills nothing and can be changed; an active one is only amended."""

from datetime import date

from django.db import transaction

from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.files import store_file
from core.models import LegalEntity, User
from core.permissions import require
from core.series import take_numbers
from customers.checks import refuse_invalid
from customers.models import CreditStop, Customer, lock, lock_many
from invoicing.actions.errors import ChangedMeanwhile, ContractNotReady, NotAContractDraft, NoticeRefused
from invoicing.contract_drafts import (
    ContractDraft,
    ContractRefused,
    lines_of_contract,
    refuse_impossible_contract,
    tiers_of_contract,
)
from invoicing.models import Contract, ContractFile, ContractLine, PriceTier
from invoicing.notice import latest_notice_on
from invoicing.queries.charging import tiers_of
from invoicing.queries.credit_stops import refuse_on_hold

WRITTEN = (
    "kind", "starts_on", "ends_on", "terms", "language", "purchase_order", "text", "notice_days", "renews",
    "renewal_months", "indexation_percent",
)  # fmt: skip


@transaction.atomic
def draft_contract(*, by: User, entity: LegalEntity, draft: ContractDraft) -> Contract:
    """Write down what is being agreed; the same source's id gives the first contract again."""
    require(by, "invoicing.draft_contract", entity)
    lock(draft.customer)
    if before := _drafted_before(entity, draft):
        return before
    refuse_impossible_contract(draft, entity)
    number = _number(entity, draft)

    contract = Contract(
        entity=entity,
        customer=draft.customer,
        number=number,
        currency=draft.in_currency,
        source=draft.source,
        source_id=draft.source_id,
        content_hash=draft.content_hash,
        drafted_by=by,
    )
    _write(contract, draft)

    audit(by, "contract.drafted", contract, entity=entity, after=_summary(contract, draft))
    return contract


@transaction.atomic
def change_contract(*, by: User, contract: Contract, draft: ContractDraft, version: int) -> Contract:
    """Write a draft anew; `version` is the one that the person saw."""
    require(by, "invoicing.change_contract", contract.entity)
    lock_many([Customer(pk=contract.customer_id), draft.customer])
    current = _draft_again(contract)
    if current.version != version:
        raise ChangedMeanwhile(f"Somebody else changed {current} since you opened it. Open it again to see how.")
    refuse_impossible_contract(draft, current.entity)

    before = {"customer": str(current.customer), "starts_on": current.starts_on, "lines": current.lines.count()}
    current.customer, current.currency, current.version = draft.customer, draft.in_currency, version + 1
    current.lines.all().delete()
    _write(current, draft)

    after = _summary(current, draft)
    audit(by, "contract.changed", current, entity=current.entity, before=before, after=after)
    return current


@transaction.atomic
def discard_contract(*, by: User, contract: Contract) -> None:
    """Throw a draft away; the audit trail keeps that there was one."""
    require(by, "invoicing.discard_contract", contract.entity)
    lock(Customer(pk=contract.customer_id))
    current = _draft_again(contract)
    if current.files.exists() or current.quotes.exists():
        raise NotAContractDraft(f"{current} has files, which are kept. Leave the draft, or change it.")

    audit(by, "contract.discarded", current, entity=current.entity, before={"customer": str(current.customer)})
    current.lines.all().delete()
    current.delete()


@transaction.atomic
def activate_contract(*, by: User, contract: Contract) -> Contract:
    """Let it bill. From now on its lines stay as they are, and amendments change what is agreed."""
    require(by, "invoicing.activate_contract", contract.entity)
    customer = lock(Customer(pk=contract.customer_id))
    current = _again(contract)
    if current.is_active:
        return current
    _refuse_unready(current, customer)
    refuse_on_hold(current.entity, [customer], CreditStop.ACTIVATING, clock.today(current.entity))

    current.activated_at = clock.now()
    current.version += 1
    current.save(update_fields=["activated_at", "version"])

    audit(by, "contract.activated", current, entity=current.entity, after={"starts_on": current.starts_on})
    return current


@transaction.atomic
def give_notice(*, by: User, contract: Contract, given_on: date, reason: str = "") -> Contract:
    """Record that it isn't to go on after its term; it then ends on its last day."""
    require(by, "invoicing.give_notice", contract.entity)
    lock(Customer(pk=contract.customer_id))
    current = _again(contract)
    if current.notice_given_on is not None:
        return current
    _refuse_late_notice(current, given_on)

    current.notice_given_on = given_on
    current.save(update_fields=["notice_given_on"])

    audit(by, "notice.given", current, entity=current.entity, after={"given_on": given_on}, reason=reason)
    return current


@transaction.atomic
def withdraw_notice(*, by: User, contract: Contract) -> Contract:
    """Take notice back, so that the contract renews as agreed."""
    require(by, "invoicing.withdraw_notice", contract.entity)
    lock(Customer(pk=contract.customer_id))
    current = _again(contract)
    if current.notice_given_on is None:
        return current

    before = {"given_on": current.notice_given_on}
    current.notice_given_on = None
    current.save(update_fields=["notice_given_on"])

    audit(by, "notice.withdrawn", current, entity=current.entity, before=before)
    return current


@transaction.atomic
def attach_contract_file(
    *, by: User, contract: Contract, name: str, content: bytes, kind: str = ContractFile.Kind.OTHER, note: str = ""
) -> ContractFile:
    """Keep a file at the contract: what was signed, an order form, a notice. It stays as it came."""
    require(by, "invoicing.attach_contract_file", contract.entity)
    stored = store_file(by, contract.entity, name, content)

    attached = ContractFile(contract=contract, file=stored, kind=kind, note=note.strip(), attached_by=by)
    refuse_invalid(attached)
    attached.save(force_insert=True)

    after = {"file": stored.name, "kind": attached.get_kind_display(), "sha256": stored.sha256}
    audit(by, "file.attached", contract, entity=contract.entity, after=after)
    return attached


def _draft_again(contract: Contract) -> Contract:
    """The contract as it is now; refused once it is active."""
    current = _again(contract)
    if current.is_active:
        raise NotAContractDraft(f"{current} is active. Amend it instead.")
    return current


def _again(contract: Contract) -> Contract:
    current = Contract.objects.select_related("entity", "customer").filter(pk=contract.pk).first()
    if current is None:
        raise NotAContractDraft(f"{contract} was discarded meanwhile.")
    return current


def _drafted_before(entity: LegalEntity, draft: ContractDraft) -> Contract | None:
    if draft.source_id is None:
        return None
    first = Contract.objects.filter(entity=entity, source=draft.source, source_id=draft.source_id).first()
    if first is not None and first.content_hash != draft.content_hash:
        raise SameKeyOtherContent(f"{draft.source_id} made {first} already, with other content. Amend {first.number}.")
    return first


def _number(entity: LegalEntity, draft: ContractDraft) -> str:
    wanted = draft.number.strip()
    if not wanted:
        return take_numbers(entity, "contract", clock.today(entity))[0]
    if Contract.objects.filter(entity=entity, number=wanted).exists():
        raise ContractRefused(f"There is a contract {wanted} already.")
    return wanted


def _write(contract: Contract, draft: ContractDraft) -> None:
    for name in WRITTEN:
        setattr(contract, name, getattr(draft, name))
    refuse_invalid(contract)
    contract.save()
    lines = ContractLine.objects.bulk_create(lines_of_contract(contract, draft))
    PriceTier.objects.bulk_create(tiers_of_contract(lines, draft))


def _refuse_unready(contract: Contract, customer: Customer) -> None:
    if not customer.is_active:
        raise ContractNotReady(f"{customer} is inactive. Make the customer active first.")
    lines = list(contract.lines.all())
    if not lines:
        raise ContractNotReady(f"{contract} has no lines, so there is nothing to bill.")
    tiers = tiers_of(lines)
    for line in lines:
        if line.unit_price is None and not tiers.get(line.pk):
            raise ContractNotReady(f"Line {line} of {contract} has no price. Agree one first.")


def _refuse_late_notice(contract: Contract, given_on: date) -> None:
    latest = latest_notice_on(contract)
    if not contract.is_active or latest is None or contract.ends_on is None:
        raise NoticeRefused(f"{contract} has no term that could end by notice. End it early by an amendment.")
    if given_on > (latest if contract.renews else contract.ends_on):
        raise NoticeRefused(
            f"Notice on {contract} for {contract.ends_on:%d %b %Y} had to be given by "
            f"{latest:%d %b %Y}. End it early by an amendment."
        )


def _summary(contract: Contract, draft: ContractDraft) -> dict[str, object]:
    return {
        "customer": str(contract.customer),
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "lines": len(draft.lines),
        "source_id": contract.source_id,
    }
