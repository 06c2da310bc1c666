"""The tax rates of a document in a ledger's folder: one, or several where its lines or a column say so. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.money import ZERO
from integrations.ledger_folder import amount
from invoicing.imported import ImportedLine, ImportedTax
from invoicing.totals import HUNDRED, tax_on

WHOLE, TENTH = Decimal(1), Decimal("0.1")


def taxes_in(text: str, currency: str) -> tuple[ImportedTax, ...]:
    """Per cent, net and tax of each rate in whole cents, written as `20:10000:2000; 5:3000:150`."""
    parts = [part.split(":") for part in text.split(";") if part.strip()]
    if any(len(part) != len(("percent", "net", "tax")) for part in parts):
        raise ValueError(f"“{text}” is no list of rates such as 20:10000:2000; 5:3000:150")
    return tuple(
        ImportedTax(Decimal(percent.strip()), amount(net, currency), amount(tax, currency))
        for percent, net, tax in parts
    )


def taxes_of(lines: Iterable[ImportedLine], currency: str) -> tuple[ImportedTax, ...]:
    """What lines of several rates are charged at each; nothing where they name at most one."""
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.tax_percent is not None:
            nets[line.tax_percent] = nets.get(line.tax_percent, ZERO) + line.net
    parts = (ImportedTax(percent, net, tax_on(net, percent, currency)) for percent, net in nets.items())
    return tuple(parts) if len(nets) > 1 else ()


def percent_of(net: Decimal, tax: Decimal, currency: str) -> Decimal:
    """The one rate at which an amount carries a tax, in whole or tenths of per cent, to the cent of a rounding."""
    if not net:
        return ZERO
    least = amount("1", currency)
    for step in (WHOLE, TENTH):
        percent = (HUNDRED * tax / net).quantize(step)
        if abs(tax_on(net, percent, currency) - tax) <= least:
            return percent
    raise ValueError(f"{tax} on {net} is no single tax rate; write its rates in a column “taxes”")


def first_percent(taxes: Sequence[ImportedTax], column: str) -> Decimal:
    """The rate of the document, or the first of several."""
    return taxes[0].percent if taxes else Decimal(column)
