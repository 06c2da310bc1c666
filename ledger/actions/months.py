"""Setting the ledger of a company up, and locking, closing and reopening its months."""

from itertools import count

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from ledger.chart import CHART
from ledger.models import Account, AccountingPeriod

State = AccountingPeriod.State
FIRST_CLEARING_CODE = 1216


class PeriodNotChanged(Refused):
    """The month is in that state already, or cannot come into it."""

    code = "period_not_changed"


class ReasonMissing(Refused):
    """The action takes a reason."""

    code = "reason_missing"


@transaction.atomic
def set_up_ledger(*, by: User, entity: LegalEntity) -> list[Account]:
    """Give an entity its chart of accounts; run again, it adds what is missing, such as a new account at a bank."""
    require(by, "ledger.set_up_ledger", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)

    added = _add_missing_accounts(entity)

    if added:
        audit(by, "ledger.set_up", entity, entity=entity, after={"accounts": [str(account) for account in added]})
    return added


def _add_missing_accounts(entity: LegalEntity) -> list[Account]:
    present = Account.objects.filter(entity=entity)
    roles, codes = set(present.values_list("role", flat=True)), set(present.values_list("code", flat=True))
    missing = [
        Account(entity=entity, code=draft.code, name=draft.name, kind=draft.kind, role=draft.role)
        for draft in CHART
        if draft.role not in roles and draft.code not in codes
    ]
    return Account.objects.bulk_create(missing) + _add_bank_accounts(entity)


def _add_bank_accounts(entity: LegalEntity) -> list[Account]:
    """An account for each account at a bank; the chart's own bank account goes to the first of them."""
    accounts = Account.objects.filter(entity=entity, role=Account.Role.BANK)
    unlinked = accounts.filter(bank_account=None).first()
    added = []
    for bank in entity.bank_accounts.filter(ledger_account=None).order_by("-is_default", "pk"):
        if unlinked is not None:
            Account.objects.filter(pk=unlinked.pk).update(bank_account=bank, name=f"Bank: {bank.name}"[:80])
            unlinked = None
            continue
        code = str(1200 + accounts.count())
        added.append(
            Account.objects.create(
                entity=entity,
                code=code,
                name=f"Bank: {bank.name}"[:80],
                kind=Account.Kind.ASSET,
                role=Account.Role.BANK,
                bank_account=bank,
            )
        )
    return added


@transaction.atomic
def open_clearing_account(*, by: User, entity: LegalEntity, name: str) -> Account:
    """Give a provider of payments an account of its own, on which its money waits until it pays out."""
    require(by, "ledger.set_up_ledger", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    label = f"Clearing: {name}"[:80]
    accounts = Account.objects.filter(entity=entity)
    if known := accounts.filter(role=Account.Role.CARD_CLEARING, name=label).first():
        return known

    codes = set(accounts.values_list("code", flat=True))
    code = next(code for code in map(str, count(FIRST_CLEARING_CODE)) if code not in codes)
    kind, role = Account.Kind.ASSET, Account.Role.CARD_CLEARING
    account = Account.objects.create(entity=entity, code=code, name=label, kind=kind, role=role)

    audit(by, "ledger.clearing_account_opened", account, entity=entity, after={"account": str(account)})
    return account


@transaction.atomic
def soft_lock_period(*, by: User, period: AccountingPeriod, reason: str = "") -> AccountingPeriod:
    """Let only people who may post late, with a reason, still date something in a month."""
    require(by, "ledger.soft_lock_period", period.entity)
    return _bring_to(by, period, State.SOFT_LOCKED, "period.soft_locked", reason, allowed={State.OPEN})


@transaction.atomic
def close_period(*, by: User, period: AccountingPeriod, reason: str = "") -> AccountingPeriod:
    """Close a month for good: nothing is dated in it any more. Waits for what is being posted into it."""
    require(by, "ledger.close_period", period.entity)
    return _bring_to(by, period, State.CLOSED, "period.closed", reason, allowed={State.OPEN, State.SOFT_LOCKED})


@transaction.atomic
def reopen_period(*, by: User, period: AccountingPeriod, reason: str) -> AccountingPeriod:
    """Open a locked or closed month again, which takes a reason."""
    require(by, "ledger.reopen_period", period.entity)
    if not reason.strip():
        raise ReasonMissing(f"Say why {period} is opened again: auditors will ask.")
    return _bring_to(by, period, State.OPEN, "period.reopened", reason, allowed={State.SOFT_LOCKED, State.CLOSED})


def _bring_to(
    by: User, period: AccountingPeriod, state: State, event: str, reason: str, allowed: set[State]
) -> AccountingPeriod:
    locked = AccountingPeriod.objects.select_for_update(no_key=True).select_related("entity").get(pk=period.pk)
    if locked.state not in allowed:
        raise PeriodNotChanged(f"{locked} of {locked.entity.name} is {locked.get_state_display().lower()} already.")

    before = locked.state
    locked.state = state
    locked.save(update_fields=["state"])
    audit(by, event, locked, entity=locked.entity, before={"state": before}, after={"state": state}, reason=reason)
    return locked
