"""Column mappings: those that people saved, those that come with the product, and which of them reads a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from cashapp.models import StatementMapping
from cashapp.statements.bank_mappings import BANK_MAPPINGS
from cashapp.statements.mapping import ColumnMapping, MappingRefused, mapping_from
from cashapp.statements.model import StatementRefused
from cashapp.statements.psp import settlement_reader
from cashapp.statements.recognise import TABLES, RecognisedFile, recognise
from cashapp.statements.tables import rows_of
from cashapp.statements.tabular import data_rows, row_reader
from core.models import BankAccount, LegalEntity
from core.rows import Row

TRIED_ROWS = 20


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping that somebody of the company saved, with the account that its files are from."""

    mapping: ColumnMapping
    bank_account: BankAccount | None


def mapping_named(entity: LegalEntity | None, name: str) -> ColumnMapping:
    """A mapping that the company saved, else one that comes with the product."""
    saved = StatementMapping.objects.filter(entity=entity, name=name).first() if entity else None
    if saved:
        return columns_of(saved)
    shipped = next((each.mapping for each in BANK_MAPPINGS if each.mapping.name == name), None)
    if shipped is None:
        raise MappingRefused(f"There is no mapping “{name}”. There is {', '.join(mapping_names(entity))}.")
    return shipped


def columns_of(saved: StatementMapping) -> ColumnMapping:
    """The mapping out of its row."""
    return mapping_from({**saved.columns, "name": saved.name})


def mapping_names(entity: LegalEntity | None) -> list[str]:
    """Every name that can be chosen: the company's own first."""
    own = StatementMapping.objects.filter(entity=entity).values_list("name", flat=True) if entity else []
    return list(dict.fromkeys([*own, *(each.mapping.name for each in BANK_MAPPINGS)]))


def saved_mapping_for(entity: LegalEntity, content: bytes, name: str) -> SavedMapping | None:
    """The company's own mapping for a table, where exactly one of the best fits; None for other formats."""
    file = recognise(content, name)
    return fitting_mapping(entity, file, rows_of(file)) if file.format in TABLES else None


def fitting_mapping(entity: LegalEntity, file: RecognisedFile, rows: Sequence[Row]) -> SavedMapping | None:
    """As `saved_mapping_for`, for rows that were read before. Two that fit equally well are left to a person."""
    if settlement_reader(file.name, rows):
        return None
    fitting: list[tuple[int, SavedMapping]] = []
    for saved in StatementMapping.objects.filter(entity=entity).select_related("bank_account"):
        mapping = columns_of(saved)
        if _reads(mapping, file.name, rows):
            fitting.append((_named_columns(mapping), SavedMapping(mapping, saved.bank_account)))
    best = max((count for count, _ in fitting), default=0)
    chosen = [each for count, each in fitting if count == best]
    return chosen[0] if len(chosen) == 1 else None


def _named_columns(mapping: ColumnMapping) -> int:
    """How many headings it asks for; a mapping by number fits whatever has as many columns, so it counts little."""
    columns = [mapping.booked_on, mapping.value_on, mapping.amount, mapping.debit, mapping.credit, mapping.payer]
    return 1 + sum(isinstance(column, str) and column != "" for column in (*columns, mapping.balance, *mapping.text))


def _reads(mapping: ColumnMapping, name: str, rows: Sequence[Row]) -> bool:
    """Whether its headings are there and the first rows can be read by it."""
    try:
        reader = row_reader(name, rows, mapping)
        movements = [reader.movement(row) for row in data_rows(rows, mapping)[:TRIED_ROWS] if not reader.is_note(row)]
    except StatementRefused:
        return False
    return bool(movements) or mapping.header_row > 0
