"""What an uploaded file would bring, row by row, before anything is stored."""

from dataclasses import dataclass
from functools import cached_property

from core.models import LegalEntity
from core.tables import Table, read_table
from customers.importing.columns import squeezed, usable_columns
from customers.importing.rows import Known, ReadRow, read_rows
from customers.models import Customer, CustomerImport, PaymentTerms


@dataclass
class Preview:
    """Every row with its draft or its errors, and the figures above them."""

    table: Table
    rows: list[ReadRow]
    agreed_days: set[int]

    @cached_property
    def wrong(self) -> int:
        """Rows that can't become customers as they are."""
        return sum(1 for row in self.rows if row.errors)

    @cached_property
    def doubtful(self) -> int:
        """Rows that look like customers who exist."""
        return sum(1 for row in self.rows if row.warnings)

    @cached_property
    def new_terms(self) -> list[int]:
        """Numbers of days for which no plain terms exist; they are agreed with the import."""
        wanted = {row.draft.terms for row in self.rows if row.draft and isinstance(row.draft.terms, int)}
        return sorted(wanted - self.agreed_days)


def preview_of(upload: CustomerImport) -> Preview:
    """Read the file as its columns were chosen."""
    table = read_table(upload.file.name, upload.file.read())
    columns = usable_columns(upload.columns, table.headings)
    rows = read_rows(table.records(), columns, _known(upload))
    plain = PaymentTerms.objects.filter(entity=upload.entity, end_of_month=False, discount_percent=0, is_active=True)
    return Preview(table, rows, set(plain.values_list("net_days", flat=True)))


def _known(upload: CustomerImport) -> Known:
    if upload.default_terms is None:
        raise ValueError("The columns aren't chosen yet.")
    rows = Customer.objects.filter(entity=upload.entity).values_list("code", "name", "name_key", "tax_number")
    labels = [(f"{name} ({code})", key, tax_number, code) for code, name, key, tax_number in rows]
    return Known(
        country=upload.entity.country,
        default_terms=upload.default_terms,
        terms=_terms_by_word(upload.entity),
        codes={code for _, _, _, code in labels},
        names={key: label for label, key, _, _ in labels},
        tax_numbers={tax_number: label for label, _, tax_number, _ in labels if tax_number},
        decimal_sign=upload.decimal_sign,
    )


def _terms_by_word(entity: LegalEntity) -> dict[str, PaymentTerms]:
    rows = list(PaymentTerms.objects.filter(entity=entity, is_active=True))
    return {squeezed(terms.name): terms for terms in rows} | {squeezed(terms.code): terms for terms in rows}
