"""Turning payments of refunds into the file that our bank takes. Pure, but for what the rows hold."""

from collections.abc import Sequence
from datetime import date, datetime

from core.bank_checks import uk_parts
from core.calendars import BusinessCalendar
from core.payment_files import (
    AchFile,
    AchOriginator,
    BacsFile,
    CreditTransfer,
    Order,
    Originator,
    UkAccount,
    UsAccount,
    bacs_file,
    nacha_file,
    pain_001,
)
from core.payment_files.bacs import Code
from core.payment_files.sepa import OwnAccount
from customers.models import CustomerBankAccount
from invoicing.models import Refund
from refunds.models import PaymentChannel

BACS_DAYS = BusinessCalendar("GB", "ENG")
MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ENDINGS = {"sepa": "xml", "bacs": "txt", "ach": "ach"}
Scheme = PaymentChannel.Scheme


def order_of(refund: Refund, account: CustomerBankAccount) -> Order:
    """What the bank is told of one refund."""
    uk = uk_parts(account.iban, account.bank_code, account.account_number)
    is_us = len(account.bank_code) == 9
    return Order(
        reference=refund.number or "",
        name=account.holder or refund.customer.name,
        money=refund.money,
        text=f"Refund {refund.number} of {refund.item.number}",
        iban=account.iban,
        bic=account.bic,
        uk=UkAccount(uk[0], uk[1].zfill(8)) if uk and len(uk[0]) == 6 else None,
        us=UsAccount(account.bank_code, account.account_number, account.kind == "savings") if is_us else None,
    )


def written(channel: PaymentChannel, serial: int, made_at: datetime, paid_on: date, orders: Sequence[Order]) -> bytes:
    """The file in the channel's format; what doesn't fit it is refused with a sentence."""
    if channel.scheme == Scheme.SEPA:
        own = OwnAccount(channel.name, channel.bank_account.iban, channel.bank_account.bic)
        transfers = [CreditTransfer(order, paid_on) for order in orders]
        return pain_001(message_id=f"REFUNDS-{channel.pk}-{serial}", made_at=made_at, debtor=own, transfers=transfers)
    if channel.scheme == Scheme.BACS:
        return bacs_file(_bacs(channel, serial, made_at.date(), paid_on, orders))
    return nacha_file(_ach(channel, serial, made_at, paid_on, orders))


def name_of(channel: PaymentChannel, serial: int) -> str:
    """What the file is called."""
    return f"refunds-{channel.scheme}-{serial:06d}.{ENDINGS[channel.scheme]}"


def _bacs(channel: PaymentChannel, serial: int, made_on: date, paid_on: date, orders: Sequence[Order]) -> BacsFile:
    account = channel.bank_account
    parts = uk_parts(account.iban, account.sort_code.replace("-", ""), account.account_number) or ("", "")
    return BacsFile(
        originator=Originator(channel.identifier, channel.name, UkAccount(*parts)),
        serial=serial,
        made_on=made_on,
        processed_on=BACS_DAYS.add_business_days(BACS_DAYS.roll_forward(paid_on), -1),
        orders=[(Code.CREDIT, order) for order in orders],
    )


def _ach(channel: PaymentChannel, serial: int, made_at: datetime, paid_on: date, orders: Sequence[Order]) -> AchFile:
    return AchFile(
        originator=AchOriginator(
            channel.identifier, channel.name, channel.routing, channel.bank_account.bank_name or channel.name
        ),
        made_at=made_at,
        effective_on=paid_on,
        standard="CCD",
        description="REFUND",
        modifier=MODIFIERS[(serial - 1) % len(MODIFIERS)],
        orders=[(False, order) for order in orders],
    )
