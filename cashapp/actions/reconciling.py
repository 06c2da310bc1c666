"""The daily proof of an account at a bank: differences named, the day prepared by one person and signed by another.

A signed day is locked in the ledger. Opened again, it opens every later day as well: their balances stand on it.
"""

from datetime import date

from django.db import transaction

from cashapp.errors import ReconciliationRefused
from cashapp.models import BankReconciliation, BankStatementLine, LinePosting, ReconciledItem, Variance
from cashapp.queries.proving import DayProof, NamedItem, day_proof, earlier_unsigned, reconciliation_of
from core import clock
from core.audit import audit
from core.models import BankAccount, User
from core.permissions import may, require
from ledger.actions import lock_days, unlock_days
from ledger.models import Account, JournalEntry, JournalLine


@transaction.atomic
def name_variance(
    *,
    by: User,
    bank_account: BankAccount,
    line: BankStatementLine | None,
    entry: JournalEntry | None,
    owner: User,
    reason: str,
    due_on: date,
) -> Variance:
    """Say whose a difference is, why it stands, and until when it is to be gone. Said again, the last word counts."""
    require(by, "cashapp.name_variance", bank_account.entity)
    _take_turn(bank_account)
    _refuse_name(bank_account, line, entry, owner, reason)

    names = {"owner": owner, "reason": reason.strip()[:200], "due_on": due_on, "named_by": by}
    variance, is_new = Variance.objects.update_or_create(
        bank_account=bank_account, line=line, entry=entry, defaults=names
    )
    after = {"about": str(line or entry), "owner": owner.name, "due_on": due_on, "again": not is_new}
    audit(by, "variance.named", variance, entity=bank_account.entity, after=after, reason=reason)
    return variance


@transaction.atomic
def name_variances(
    *, by: User, bank_account: BankAccount, day: date, owner: User, reason: str, due_on: date
) -> list[Variance]:
    """Give every difference of a day that nobody has named yet the same owner, reason and date."""
    require(by, "cashapp.name_variance", bank_account.entity)
    _take_turn(bank_account)
    proof = day_proof(bank_account, day)
    nameless = [each.item.subject for each in proof.items if each.variance is None] if proof else []
    lines = BankStatementLine.objects.in_bulk([line for line, _ in nameless if line])
    entries = JournalEntry.objects.in_bulk([entry for _, entry in nameless if entry])
    return [
        name_variance(
            by=by,
            bank_account=bank_account,
            line=lines.get(line or 0),
            entry=entries.get(entry or 0),
            owner=owner,
            reason=reason,
            due_on=due_on,
        )
        for line, entry in nameless
    ]


@transaction.atomic
def tie_posting(*, by: User, line: BankStatementLine, entry: JournalEntry) -> LinePosting:
    """Say that an entry on the bank account is about a bank line, so that both meet in the reconciliation."""
    require(by, "cashapp.tie_posting", line.bank_account.entity)
    _take_turn(line.bank_account)
    done = LinePosting.objects.filter(entry=entry, ended_at=None).first()
    if done is not None and done.line_id == line.pk:
        return done
    if done is not None:
        raise ReconciliationRefused(f"{entry} is about {done.line} already. Undo that first.")
    moved = JournalLine.objects.filter(entry=entry, account__bank_account=line.bank_account).first()
    if moved is None or moved.signed_amount != line.amount:
        raise ReconciliationRefused(f"{entry} doesn't move {line.amount:,.2f} {line.currency} on this account.")

    tie = LinePosting.objects.create(line=line, entry=entry, tied_by=by)
    audit(by, "posting.tied", tie, entity=entry.entity, after={"line": str(line), "entry": entry.number})
    return tie


@transaction.atomic
def untie_posting(*, by: User, tie: LinePosting) -> LinePosting:
    """Take back that an entry is about a bank line."""
    require(by, "cashapp.untie_posting", tie.entry.entity)
    _take_turn(tie.line.bank_account)
    tie.refresh_from_db()
    if tie.ended_at is not None:
        return tie

    tie.ended_by, tie.ended_at = by, clock.now()
    tie.save(update_fields=["ended_by", "ended_at"])
    audit(by, "posting.untied", tie, entity=tie.entry.entity, before={"line": str(tie.line), "entry": tie.entry.number})
    return tie


@transaction.atomic
def prepare_reconciliation(*, by: User, bank_account: BankAccount, day: date, note: str = "") -> BankReconciliation:
    """Put a day together for whoever signs it: every difference has its name by now."""
    require(by, "cashapp.prepare_reconciliation", bank_account.entity)
    _take_turn(bank_account)
    before = reconciliation_of(bank_account, day)
    if before is not None and before.is_signed:
        raise ReconciliationRefused(f"{before} is signed by {before.signed_by}.")
    proof = _proof(bank_account, day)
    if before is not None:
        _end(by, before, "Prepared again")

    row = _reconciliation(by, proof, note)
    ReconciledItem.objects.bulk_create(_item(row, each) for each in proof.items)
    after = {"statement": row.statement_closing, "ledger": row.ledger_closing, "items": len(proof.items)}
    audit(by, "reconciliation.prepared", row, entity=bank_account.entity, after=after, reason=note)
    return row


@transaction.atomic
def withdraw_reconciliation(*, by: User, reconciliation: BankReconciliation) -> BankReconciliation:
    """Take a prepared day back before anybody signs it."""
    require(by, "cashapp.withdraw_reconciliation", reconciliation.bank_account.entity)
    row = _again(reconciliation)
    if row.ended_at is not None:
        return row
    if row.is_signed:
        raise ReconciliationRefused(f"{row} is signed by {row.signed_by}. Only a manager opens it again.")
    _end(by, row, "Withdrawn")
    audit(by, "reconciliation.withdrawn", row, entity=row.bank_account.entity)
    return row


@transaction.atomic
def sign_reconciliation(*, by: User, reconciliation: BankReconciliation) -> BankReconciliation:
    """Sign a day that somebody else prepared. From then on nothing more is posted to the account on its days."""
    require(by, "cashapp.sign_reconciliation", reconciliation.bank_account.entity)
    row = _again(reconciliation)
    if row.is_signed:
        return row
    _refuse_signing(by, row)

    account = Account.objects.get(bank_account=row.bank_account)
    lock = lock_days(by=by, account=account, first_on=row.first_on, last_on=row.day)
    if _figures(_proof(row.bank_account, row.day)) != _figures_of(row):
        raise ReconciliationRefused(f"Something was posted since {row} was prepared. Have it prepared again.")
    row.signed_by, row.signed_at, row.day_lock = by, clock.now(), lock
    row.save(update_fields=["signed_by", "signed_at", "day_lock"])

    after = {"prepared_by": row.prepared_by.name, "statement": row.statement_closing, "ledger": row.ledger_closing}
    audit(by, "reconciliation.signed", row, entity=row.bank_account.entity, after=after)
    return row


@transaction.atomic
def reopen_reconciliation(*, by: User, reconciliation: BankReconciliation, reason: str) -> list[BankReconciliation]:
    """Open a signed day again, and with it every later one. Returns what was opened, the latest first."""
    require(by, "cashapp.reopen_reconciliation", reconciliation.bank_account.entity)
    row = _again(reconciliation)
    if row.ended_at is not None:
        return []
    if not reason.strip():
        raise ReconciliationRefused(f"Say why {row} is opened again: auditors will ask.")
    if not row.is_signed:
        raise ReconciliationRefused(f"{row} isn't signed; withdraw it instead.")

    later = BankReconciliation.objects.filter(bank_account=row.bank_account, ended_at=None, day__gte=row.day)
    opened = list(later.select_related("day_lock", "bank_account__entity").order_by("-day"))
    for each in opened:
        if each.day_lock:
            unlock_days(by=by, lock=each.day_lock, reason=reason)
        _end(by, each, reason)
        audit(by, "reconciliation.reopened", each, entity=each.bank_account.entity, reason=reason)
    return opened


# Refusing ------------------------------------------------------------------------------------------------------------


def _take_turn(bank_account: BankAccount) -> None:
    BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)


def _again(reconciliation: BankReconciliation) -> BankReconciliation:
    _take_turn(reconciliation.bank_account)
    rows = BankReconciliation.objects.select_related("bank_account__entity", "prepared_by", "signed_by", "day_lock")
    return rows.get(pk=reconciliation.pk)


def _proof(bank_account: BankAccount, day: date) -> DayProof:
    first = earlier_unsigned(bank_account, day)
    if first is not None:
        raise ReconciliationRefused(f"{first:%A %d %B %Y} isn't signed yet. Days are signed in their order.")
    proof = day_proof(bank_account, day)
    if proof is None:
        raise ReconciliationRefused(f"No statement of {bank_account.name} closes on {day:%A %d %B %Y}.")
    if proof.problems:
        raise ReconciliationRefused(" ".join(proof.problems))
    return proof


def _refuse_name(
    bank_account: BankAccount, line: BankStatementLine | None, entry: JournalEntry | None, owner: User, reason: str
) -> None:
    if (line is None) == (entry is None):
        raise ReconciliationRefused("A difference is about one bank line, or about one entry.")
    if line is not None and line.bank_account_id != bank_account.pk:
        raise ReconciliationRefused(f"{line} is no line of {bank_account.name}.")
    if entry is not None and not JournalLine.objects.filter(entry=entry, account__bank_account=bank_account).exists():
        raise ReconciliationRefused(f"{entry} moves nothing on {bank_account.name}.")
    if not may(owner, "cashapp.view", bank_account.entity):
        raise ReconciliationRefused(f"{owner.name} doesn't work in {bank_account.entity.name}.")
    if not reason.strip():
        raise ReconciliationRefused("Write the reason: whoever signs the day reads it first.")


def _refuse_signing(by: User, row: BankReconciliation) -> None:
    if row.ended_at is not None:
        raise ReconciliationRefused(f"{row} was withdrawn or prepared again meanwhile.")
    if row.prepared_by_id == by.pk:
        raise ReconciliationRefused(f"You prepared {row} yourself; somebody else signs it.")


# Writing -------------------------------------------------------------------------------------------------------------


def _figures(proof: DayProof) -> tuple[object, ...]:
    statement, ledger = proof.statement, proof.ledger
    named = sorted((each.item.subject[0] or 0, each.item.subject[1] or 0, each.item.amount) for each in proof.items)
    return (
        proof.span.first_on, statement.closing, ledger.opening, ledger.receipts, ledger.other, proof.standing, named,
    )  # fmt: skip


def _figures_of(row: BankReconciliation) -> tuple[object, ...]:
    named = sorted((item.line_id or 0, item.entry_id or 0, item.amount) for item in row.items.all())
    return (
        row.first_on, row.statement_closing, row.ledger_opening, row.receipts, row.other, row.standing, named,
    )  # fmt: skip


def _reconciliation(by: User, proof: DayProof, note: str) -> BankReconciliation:
    return BankReconciliation.objects.create(
        bank_account=proof.account,
        first_on=proof.span.first_on,
        day=proof.span.last_on,
        currency=proof.account.currency,
        statement_opening=proof.statement.opening,
        statement_closing=proof.statement.closing,
        ledger_opening=proof.ledger.opening,
        receipts=proof.ledger.receipts,
        other=proof.ledger.other,
        ledger_closing=proof.ledger.closing,
        standing=proof.standing,
        in_transit=proof.carried.total,
        note=note.strip()[:300],
        prepared_by=by,
    )


def _item(row: BankReconciliation, each: NamedItem) -> ReconciledItem:
    if each.variance is None:
        raise ReconciliationRefused(f"“{each.item.sentence}” has no name yet.")
    line, entry = each.item.subject
    return ReconciledItem(
        reconciliation=row,
        line_id=line,
        entry_id=entry,
        arose_on=each.item.arose_on,
        amount=each.item.amount,
        sentence=each.item.sentence[:400],
        owner=each.variance.owner,
        reason=each.variance.reason,
        due_on=each.variance.due_on,
    )


def _end(by: User, row: BankReconciliation, reason: str) -> None:
    row.ended_by, row.ended_at, row.end_reason = by, clock.now(), reason.strip()[:300]
    row.save(update_fields=["ended_by", "ended_at", "end_reason"])
