"""How a company reads the tables of its payers: by the columns that people saved, else by their headings."""

from collections.abc import Sequence

from cashapp.models import RemittanceMapping
from cashapp.remittances import Advice, read_remittances
from cashapp.remittances.mapping import RemittanceColumns, table_rows
from core.models import LegalEntity
from core.rows import Row


def advices_of(entity: LegalEntity, content: bytes, name: str) -> list[Advice]:
    """Every payment that a file explains, read by the company's own columns where one set of them fits."""
    rows = table_rows(content, name) if RemittanceMapping.objects.filter(entity=entity).exists() else []
    saved = fitting_columns(entity, rows) if rows else None
    return saved.read(rows, name) if saved else read_remittances(content, name)


def fitting_columns(entity: LegalEntity, rows: Sequence[Row]) -> RemittanceColumns | None:
    """The saved columns whose headings all stand in a table; of several, those that name most, if one does."""
    fitting = [each for each in map(columns_of, RemittanceMapping.objects.filter(entity=entity)) if _fits(each, rows)]
    most = max((len(each.columns) for each in fitting), default=0)
    chosen = [each for each in fitting if len(each.columns) == most]
    return chosen[0] if len(chosen) == 1 else None


def columns_of(saved: RemittanceMapping) -> RemittanceColumns:
    """The columns out of their row."""
    return RemittanceColumns(**saved.columns)


def _fits(columns: RemittanceColumns, rows: Sequence[Row]) -> bool:
    """By headings only: columns that are named by number would fit every table."""
    by_heading = all(heading[:1] != "#" for heading in columns.columns.values())
    return by_heading and columns.place(rows) is not None
