"""Column mappings that come with the product, by bank, and how each recognises its own files.

The facts are in `bank_mappings.toml`. A bank's table is known by its headings, wherever in the first rows they stand,
and only while its first row can be read: what a bank changed since is guessed anew, and looked at by a person.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cashapp.statements.mapping import ColumnMapping, mapping_from
from cashapp.statements.model import StatementRefused
from cashapp.statements.tabular import data_rows, row_reader
from cashapp.statements.values import squeeze
from core.rows import Row, written

FACTS = Path(__file__).with_suffix(".toml")
HEADING_ROWS = 30


@dataclass(frozen=True, slots=True)
class BankMapping:
    """A mapping with its file's signature: headings that must all be there, or the shape of the first row."""

    mapping: ColumnMapping
    titles: tuple[str, ...] = ()
    begins: str = ""

    def fitted_to(self, rows: Sequence[Row]) -> ColumnMapping | None:
        """The mapping with the row of its headings, if these rows are that bank's and the first can be read."""
        located = self._located(rows)
        return located if located and _reads_first(located, rows) else None

    def _located(self, rows: Sequence[Row]) -> ColumnMapping | None:
        if self.begins:
            first = "|".join(written(cell) for cell in rows[0].cells)
            return self.mapping if re.fullmatch(self.begins, first) else None
        wanted = {title.casefold() for title in self.titles}
        for row in rows[:HEADING_ROWS]:
            if wanted <= {squeeze(written(cell)).casefold() for cell in row.cells}:
                return replace(self.mapping, header_row=row.number)
        return None


def _reads_first(mapping: ColumnMapping, rows: Sequence[Row]) -> bool:
    """Whether the first movement is written as the mapping says; a table without any is read too."""
    try:
        reader = row_reader("", rows, mapping)
        first = next((row for row in data_rows(rows, mapping) if not reader.is_note(row)), None)
        if first:
            reader.movement(first)
    except StatementRefused:
        return False
    return True


def _from_facts(name: str, facts: dict[str, Any]) -> BankMapping:
    titles, begins = tuple(facts.pop("titles", ())), facts.pop("begins", "")
    return BankMapping(mapping_from({**facts, "name": name}), titles, begins)


BANK_MAPPINGS = tuple(
    _from_facts(name, facts) for name, facts in tomllib.loads(FACTS.read_text(encoding="utf-8")).items()
)


def bank_mapping_for(rows: Sequence[Row]) -> ColumnMapping | None:
    """The shipped mapping whose signature these rows carry; of several the one that asks for most headings."""
    best = sorted(BANK_MAPPINGS, key=lambda each: -len(each.titles))
    return next((found for each in best if (found := each.fitted_to(rows))), None)
