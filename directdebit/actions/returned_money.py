"""The money of returned debits leaves our account: the bank line is booked against clearing, once."""

from collections.abc import Sequence

from django.db import transaction

from cashapp.actions.clearing_lines import FromClearing
from cashapp.actions.drafts import BankAccounts
from cashapp.actions.reconciling import tie_posting
from cashapp.models import BankStatementLine
from cashapp.open_days import OpenDays
from core.audit import audit_many
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require
from directdebit.errors import MoneyOfReturnRefused
from directdebit.models import ReturnedDebit, ReturnSettlement
from directdebit.queries.returned_money import Bundle, unsettled_returns
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, post


@transaction.atomic
def settle_returns(
    *, by: User, returns: Sequence[ReturnedDebit], line: BankStatementLine, evidence: str = "Chosen by hand."
) -> list[ReturnSettlement]:
    """Tie returned debits to the bank line that took their money: clearing is filled up again from the bank."""
    entity = line.bank_account.entity
    require(by, "directdebit.settle_returns", entity)
    wanted = {each.pk for each in returns}
    locked = ReturnedDebit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    list(locked)
    done = list(ReturnSettlement.objects.filter(returned__in=wanted).select_related("line"))
    if done and {each.line_id for each in done} == {line.pk} and len(done) == len(wanted):
        return done
    if done:
        raise MoneyOfReturnRefused(f"{done[0].returned} was settled by {done[0].line} already.")
    rows = list(unsettled_returns(entity).filter(pk__in=wanted))
    _refuse(rows, wanted, line)

    (entry,) = post(by=by, entries=[_leaving(entity, line, len(rows))])
    tie_posting(by=by, line=line, entry=entry)
    settled = ReturnSettlement.objects.bulk_create(
        ReturnSettlement(returned=row, line=line, entry=entry, evidence=evidence, recorded_by=by) for row in rows
    )
    audit_many(by, "return.settled", rows, entity=entity, after_each=lambda row: {"line": str(line)}, reason=evidence)
    return settled


def _refuse(rows: Sequence[ReturnedDebit], wanted: set[int], line: BankStatementLine) -> None:
    if not rows or len(rows) != len(wanted):
        raise MoneyOfReturnRefused("Choose returned debits that are booked and whose money is on clearing.")
    bundle = Bundle(tuple(rows))
    if bundle.fits(line):
        return
    left = Money(-line.amount, line.currency)
    raise MoneyOfReturnRefused(f"{bundle.money} came back around {bundle.day:%d %b %Y}, but {left} left with {line}.")


def _leaving(entity: LegalEntity, line: BankStatementLine, count: int) -> EntryDraft:
    day = OpenDays(entity).from_day(line.bank_account, line.booked_on)
    leaving = FromClearing(entity, Account.Role.DIRECT_DEBIT_CLEARING, Money(line.amount, line.currency), day)
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=line.currency,
        lines=leaving.lines(BankAccounts(entity).of(line.bank_account)),
        key=f"debit-return:{line.pk}",
        text=f"{count} returned direct debit{'' if count == 1 else 's'}",
    )
