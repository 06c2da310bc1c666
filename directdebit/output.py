"""From collections and mandates to the bytes that a bank takes, by the creditor's scheme. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.money import ZERO, Money
from core.payment_files import (
    AchFile,
    AchOriginator,
    BacsFile,
    DirectDebit,
    Instrument,
    Order,
    Originator,
    UkAccount,
    UsAccount,
    bacs_file,
    nacha_file,
    pain_008,
)
from core.payment_files import (
    Creditor as SepaCreditor,
)
from core.payment_files import (
    Mandate as SepaMandate,
)
from core.payment_files import (
    Sequence as SepaSequence,
)
from core.payment_files.bacs import Code
from core.payment_files.sepa import OwnAccount
from directdebit.errors import RunRefused
from directdebit.models import Collection, Creditor, Mandate
from directdebit.schemes import Scheme

Step = Collection.Sequence
BACS_CODES = {
    Step.FIRST: Code.FIRST,
    Step.RECURRING: Code.REGULAR,
    Step.ONE_OFF: Code.FINAL,
    Step.FINAL: Code.FINAL,
    Step.RE_PRESENTED: Code.RE_PRESENTED,
}
SEPA_SEQUENCES = {
    Step.FIRST: SepaSequence.FIRST,
    Step.RECURRING: SepaSequence.RECURRING,
    Step.ONE_OFF: SepaSequence.ONE_OFF,
    Step.FINAL: SepaSequence.FINAL,
    Step.RE_PRESENTED: SepaSequence.RECURRING,
}
INSTRUMENTS = {Scheme.SEPA_CORE: Instrument.CORE, Scheme.SEPA_B2B: Instrument.B2B}


@dataclass(frozen=True, slots=True)
class Output:
    """What names a file and tells its days."""

    creditor: Creditor
    serial: int
    name: str
    made_at: datetime
    processed_on: date
    collect_on: date


def collections_file(output: Output, collections: Sequence[Collection]) -> bytes:
    """The file by which the bank draws the collections."""
    if output.creditor.scheme == Scheme.BACS:
        orders = [(BACS_CODES[Step(each.sequence)], _bacs_order(each.mandate, each.money)) for each in collections]
        return bacs_file(_bacs(output, orders))
    if output.creditor.scheme == Scheme.ACH:
        return _nacha(output, collections)
    return _sepa(output, collections)


def instructions_file(output: Output, new: Sequence[Mandate], ended: Sequence[Mandate]) -> bytes:
    """The file that lodges and cancels instructions by AUDDIS."""
    nothing = Money(ZERO, output.creditor.currency)
    orders = [(Code.CANCEL_INSTRUCTION, _bacs_order(mandate, nothing)) for mandate in ended]
    orders += [(Code.NEW_INSTRUCTION, _bacs_order(mandate, nothing)) for mandate in new]
    return bacs_file(_bacs(output, orders))


def _bacs(output: Output, orders: Sequence[tuple[Code, Order]]) -> BacsFile:
    creditor, own = output.creditor, output.creditor.bank_account
    account = UkAccount("".join(filter(str.isdigit, own.sort_code)), own.account_number)
    return BacsFile(
        Originator(creditor.identifier, creditor.name, account),
        serial=output.serial,
        made_on=output.made_at.date(),
        processed_on=output.processed_on,
        orders=orders,
    )


def _bacs_order(mandate: Mandate, money: Money) -> Order:
    """Bacs carries the mandate's reference: by it the payer's bank finds the instruction."""
    account = mandate.bank_account
    parts = account.uk_parts
    if parts is None:
        raise RunRefused(f"Mandate {mandate}: account {account} has no sort code.")
    uk = UkAccount(parts[0], parts[1].zfill(8))
    return Order(mandate.reference, account.holder or mandate.customer.name, money, uk=uk)


def _sepa(output: Output, collections: Sequence[Collection]) -> bytes:
    creditor, own = output.creditor, output.creditor.bank_account
    return pain_008(
        message_id=output.name,
        made_at=output.made_at,
        creditor=SepaCreditor(OwnAccount(creditor.name, own.iban, own.bic), creditor.identifier),
        debits=[_debit(output, each) for each in collections],
    )


def sequences_of_block(left: Iterable[str], place: int) -> list[str]:
    """Which places in the life of mandates a block of a SEPA file holds, of those that left with the file.

    A file is of one day and one instrument, so that its blocks differ by sequence type alone, in the type's order.
    """
    types = sorted({SEPA_SEQUENCES[Step(each)].value for each in left})
    wanted = types[place - 1] if 0 < place <= len(types) else None
    return [step.value for step, kind in SEPA_SEQUENCES.items() if kind.value == wanted]


def _debit(output: Output, collection: Collection) -> DirectDebit:
    mandate, account = collection.mandate, collection.mandate.bank_account
    documents = ", ".join(part.item.number for part in collection.parts.all())
    return DirectDebit(
        Order(
            collection.reference,
            account.holder or mandate.customer.name,
            collection.money,
            text=f"{collection.reference} {documents}",
            iban=account.iban,
            bic=account.bic,
        ),
        _sepa_mandate(mandate),
        INSTRUMENTS[Scheme(output.creditor.scheme)],
        SEPA_SEQUENCES[Step(collection.sequence)],
        output.collect_on,
    )


def _sepa_mandate(mandate: Mandate) -> SepaMandate:
    """What was amended is told with the next collection, once."""
    is_told = mandate.state == Mandate.State.AMENDED or not mandate.collections_made
    return SepaMandate(
        mandate.reference,
        mandate.signed_on,
        amended_from=mandate.amended_from if is_told else "",
        new_account=is_told and mandate.amended_account,
    )


def _nacha(output: Output, collections: Sequence[Collection]) -> bytes:
    creditor, own = output.creditor, output.creditor.bank_account
    retried = any(each.sequence == Step.RE_PRESENTED for each in collections)
    return nacha_file(
        AchFile(
            AchOriginator(creditor.identifier, creditor.name, own.sort_code, own.bank_name),
            made_at=output.made_at,
            effective_on=output.collect_on,
            standard="CCD",
            description="RETRY PYMT" if retried else "INVOICES",
            modifier=chr(ord("A") + output.serial % 26),
            orders=[(True, _ach_order(each)) for each in collections],
        )
    )


def _ach_order(collection: Collection) -> Order:
    account = collection.mandate.bank_account
    is_savings = account.kind == account.Kind.SAVINGS
    us = UsAccount(account.bank_code, account.account_number, is_savings)
    return Order(collection.reference, account.holder or collection.customer.name, collection.money, us=us)
