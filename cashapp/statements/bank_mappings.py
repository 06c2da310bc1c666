"""Column mappings that come with the product, by bank, and how each recognises its own files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cashapp.statements.mapping import ColumnMapping
from cashapp.statements.values import squeeze
from core.rows import Row, written


@dataclass(frozen=True, slots=True)
class BankMapping:
    """A mapping with its file's signature: header titles that must all be there, or the shape of the first row."""

    mapping: ColumnMapping
    titles: tuple[str, ...] = ()
    first_row: str = ""

    def fits(self, rows: Sequence[Row]) -> bool:
        """True when these rows are that bank's."""
        if self.first_row:
            return re.fullmatch(self.first_row, "|".join(written(cell) for cell in rows[0].cells)) is not None
        header = next((row for row in rows if row.number >= self.mapping.header_row), None)
        present = {squeeze(written(cell)).casefold() for cell in header.cells} if header else set()
        return all(title.casefold() in present for title in self.titles)


BANK_MAPPINGS = (
    BankMapping(
        ColumnMapping(
            name="N26 (DE)",
            booked_on="Datum",
            amount="Betrag (EUR)",
            payer="Empfänger",
            payer_account="Kontonummer",
            text=("Verwendungszweck", "Transaktionstyp"),
            original_amount="Betrag (Fremdwährung)",
            original_currency="Fremdwährung",
            currency_code="EUR",
        ),
        titles=("Datum", "Empfänger", "Transaktionstyp", "Betrag (EUR)", "Betrag (Fremdwährung)"),
    ),
    BankMapping(
        ColumnMapping(
            name="bunq (NL)",
            booked_on="Datum",
            amount="Bedrag",
            decimal=",",
            thousands=".",
            account="Rekening",
            payer_account="Tegenrekening",
            payer="Naam",
            text=("Omschrijving",),
            currency_code="EUR",
        ),
        titles=("Datum", "Bedrag", "Rekening", "Tegenrekening", "Naam", "Omschrijving"),
    ),
    BankMapping(
        ColumnMapping(
            name="Rabobank (NL)",
            booked_on="Datum",
            value_on="Rentedatum",
            amount="Bedrag",
            decimal=",",
            thousands=".",
            balance="Saldo na trn",
            account="IBAN/BBAN",
            currency="Munt",
            payer="Naam tegenpartij",
            payer_account="Tegenrekening IBAN/BBAN",
            bank_reference="Volgnr",
            end_to_end="Transactiereferentie",
            mandate="Machtigingskenmerk",
            creditor_reference="Betalingskenmerk",
            text=("Omschrijving-1", "Omschrijving-2", "Omschrijving-3"),
        ),
        titles=("IBAN/BBAN", "Munt", "Volgnr", "Datum", "Rentedatum", "Bedrag", "Saldo na trn", "Omschrijving-1"),
    ),
    BankMapping(
        ColumnMapping(
            name="Monzo (GB)",
            booked_on="created",
            amount="amount",
            currency="currency",
            bank_reference="id",
            payer="description",
            text=("description", "notes"),
        ),
        titles=("id", "created", "amount", "currency", "local_amount", "local_currency", "description"),
    ),
    BankMapping(
        ColumnMapping(
            name="Komerční banka (CZ)",
            booked_on="Posting date",
            value_on="Execution date",
            date_format="YYYY/MM/DD",
            amount="Amount CZK",
            decimal=",",
            thousands=" ",
            currency_code="CZK",
            payer="Counteraccount name",
            payer_account="Bank account details",
            bank_reference="Transaction reference number",
            creditor_reference="Variable symbol 1",
            text=("Message for payee", "Message for me", "Payment reference", "Item"),
            delimiter=";",
        ),
        titles=("Item", "Posting date", "Amount CZK", "Variable symbol 1", "Counteraccount name"),
    ),
    BankMapping(
        ColumnMapping(
            name="OCBC (SG)",
            booked_on="Transaction date",
            value_on="Value date",
            date_format="DD/MM/YYYY",
            debit="Withdrawals (SGD)",
            credit="Deposits (SGD)",
            thousands=",",
            currency_code="SGD",
            text=("Description",),
            rows_continue=True,
            header_row=6,
        ),
        titles=("Transaction date", "Value date", "Description", "Withdrawals (SGD)", "Deposits (SGD)"),
    ),
    BankMapping(
        ColumnMapping(
            name="Commerzbank (DE)",
            booked_on="Buchungstag",
            value_on="Wertstellung",
            date_format="DD.MM.YYYY",
            amount="Betrag",
            decimal=",",
            thousands=".",
            currency="Währung",
            account="IBAN Auftraggeberkonto",
            text=("Buchungstext", "Umsatzart"),
            delimiter=";",
        ),
        titles=("Buchungstag", "Wertstellung", "Umsatzart", "Buchungstext", "Betrag", "IBAN Auftraggeberkonto"),
    ),
    BankMapping(
        ColumnMapping(
            name="Erste Bank (HU)",
            booked_on="Tranzakció dátuma",
            value_on="Értéknap",
            date_format="YYYY.MM.DD",
            amount="Tranzakció összege",
            indicator="Bevétel/Kiadás",
            currency="Tranzakció devizaneme",
            account="Számlaszám",
            payer="Partner neve",
            payer_account="Partner számlaszáma",
            bank_reference="Megbízás azonosító",
            text=("Közlemény", "Tranzakció típusa"),
        ),
        titles=("Tranzakció dátuma", "Partner neve", "Tranzakció összege", "Bevétel/Kiadás"),
    ),
    BankMapping(
        ColumnMapping(
            name="POSB savings (SG)",
            booked_on=1,
            date_format="DD MON YYYY",
            debit=3,
            credit=4,
            thousands=",",
            payer=5,
            text=(5, 6, 2),
            currency_code="SGD",
            header_row=0,
        ),
        first_row=r"\d{2} [A-Z][a-z]{2} \d{4}\|[A-Z-]*\|[\d., ]*\|[\d., ]*\|[^|]*\|[^|]*\|[^|]*\|?[^|]*",
    ),
    BankMapping(
        ColumnMapping(
            name="KBC (BE)",
            booked_on="Datum",
            value_on="Valuta",
            date_format="DD/MM/YYYY",
            amount="Bedrag",
            decimal=",",
            thousands=".",
            balance="Saldo",
            currency="Munt",
            account="Rekeningnummer",
            payer="Naam tegenpartij",
            payer_account="rekeningnummer tegenpartij",
            creditor_reference="gestructureerde mededeling",
            text=("Omschrijving", "Vrije mededeling"),
            delimiter=";",
        ),
        titles=("Rekeningnummer", "Rubrieknaam", "Afschriftnummer", "Bedrag", "Saldo", "Vrije mededeling"),
    ),
    BankMapping(
        ColumnMapping(
            name="Raiffeisen “kta_ei” (AT)",
            booked_on=3,
            date_format="YYYYMMDD",
            amount=5,
            payer=4,
            text=(2, 6),
            currency_code="EUR",
            fixed_rate="13.7603",
            header_row=0,
            first_row=2,
            delimiter="|",
        ),
        first_row=r"K\|\d{5}\|\d+\|EUR",
    ),
    BankMapping(
        ColumnMapping(
            name="Bank of Ireland (IE)",
            booked_on="Date",
            date_format="DD/MM/YYYY",
            debit="Debit",
            credit="Credit",
            balance="Balance",
            text=("Details",),
            currency_code="EUR",
        ),
        titles=("Date", "Details", "Debit", "Credit", "Balance"),
    ),
    BankMapping(
        ColumnMapping(
            name="Swedbank (LT)",
            booked_on="Date",
            amount="Amount",
            indicator="D/K",
            currency="Currency",
            account="Account No",
            payer="Beneficiary",
            text=("Details",),
            bank_reference="Record ID",
            row_kind=2,
            line_kinds=("20",),
            opening_kinds=("10",),
            closing_kinds=("86",),
        ),
        titles=("Account No", "Beneficiary", "Details", "Amount", "D/K", "Record ID"),
    ),
)


def bank_mapping_for(rows: Sequence[Row]) -> ColumnMapping | None:
    """The shipped mapping whose signature these rows carry."""
    return next((each.mapping for each in BANK_MAPPINGS if each.fits(rows)), None)
