"""A first proposal for a column mapping, from the headers' words and the cells' shapes."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cashapp.statements.mapping import CREDIT_WORDS, DEBIT_WORDS, Column, ColumnMapping, MappingRefused
from core.currencies import currency_codes
from core.rows import Cell, Row, written

HEADER_SEARCH_ROWS = 30
SAMPLE_ROWS = 200
HEADER_WORDS = {
    "booked_on": (
        "booked on|booking date|posting date|posted|date posted|transaction date|buchungstag|buchungsdatum|"
        "boekdatum|boekingsdatum|tranzakció dátuma|fecha|data|dato|date|datum|created|completed date"
    ),
    "value_on": "value date|valuta|valutadatum|rentedatum|wertstellung|valutadato|date de valeur|someotherdate",
    "debit": "debit|debit amount|withdrawal|withdrawals|paid out|money out|debet|soll|outflow|débit|cargo",
    "credit": "credit|credit amount|deposit|deposits|paid in|money in|haben|inflow only|crédit|abono",
    "amount": "amount|betrag|bedrag|umsatz|montant|importe|importo|beløb|kwota|tranzakció összege|inflow",
    "indicator": "d/c|d/k|c/d|dc|debit/credit|credit/debit|cr/dr|dr/cr|af bij|bevétel/kiadás|soll/haben",
    "balance": "balance|running balance|saldo|saldo na trn|solde|kontostand|egyenleg",
    "payer": (
        "payee|payer|partner name|counterparty|counterparty name|beneficiary|naam tegenpartij|naam|name|empfänger|"
        "auftraggeber|partner neve|counteraccount name"
    ),
    "payer_account": (
        "counterparty account|tegenrekening|tegenrekening iban/bban|rekeningnummer tegenpartij|bank account|"
        "kontonummer|partner számlaszáma|bank account details|counterparty iban"
    ),
    "currency": "currency|ccy|munt|währung|waehrung|devise|valuta code|tranzakció devizaneme",
    "account": (
        "account|account no|account number|iban|iban/bban|rekening|rekeningnummer|iban auftraggeberkonto|számlaszám"
    ),
    "bank_reference": "transaction id|id|reference number|record id|volgnr|transaction reference number|bank reference",
    "creditor_reference": "betalingskenmerk|gestructureerde mededeling|structured reference|creditor reference",
    "end_to_end": "end to end|end to end id|transactiereferentie",
    "cheque": "cheque number|check number|cheque no|check no|cheque #|check #|check or slip #",
    "mandate": "mandate|machtigingskenmerk|mandatsreferenz",
    "original_amount": "amount currency|original amount|local_amount|betrag fremdwährung",
    "original_currency": "original currency|local_currency|fremdwährung",
}
TEXT_WORDS = re.compile(
    r"description|details|label|memo|narrative|omschrijving|verwendungszweck|buchungstext|"
    r"message for payee|mededeling|közlemény|notes|payment reference|comment|text"
)
BRACKETS = re.compile(r"[()\[\]]")
DATE_SHAPES = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "YYYY-MM-DD"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "YYYY/MM/DD"),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", "YYYY.MM.DD"),
    (r"(19|20)\d{6}", "YYYYMMDD"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "DD.MM.YYYY"),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", "DD.MM.YY"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "DD-MM-YYYY"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "DD/MM/YYYY"),
    (r"\d{1,2}/\d{1,2}/\d{2}", "DD/MM/YY"),
    (r"\d{1,2} [A-Za-z]{3}[a-z.]* \d{4}", "DD MON YYYY"),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "DD-MON-YYYY"),
)
AMOUNT_SHAPE = re.compile(r"[+-]?\(?[+-]?\d[\d.,' ]*\)?[+-]?")
CENTS = re.compile(r"[.,](?=\d{1,2}\D*$)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed mapping and what a person should look at before trusting it."""

    mapping: ColumnMapping
    doubts: tuple[str, ...] = ()


def suggest_mapping(rows: Sequence[Row], name: str = "") -> Suggestion:
    """Guess from the first rows; raises MappingRefused when date or amount cannot be found."""
    header = _header_row(rows)
    roles = _roles(header) if header else {}
    unknown = None if header else _unknown_header(rows)
    if not header:
        roles = _roles_by_shape(rows[1:] if unknown else rows)
        header = unknown
    first = header.number if header else 0
    data = [row for row in rows if row.number > first][:SAMPLE_ROWS]
    if "amount" not in roles and not {"debit", "credit"} <= roles.keys():
        raise MappingRefused(f"No column of {name or 'the file'} looks like an amount. Choose the columns by hand.")
    if "booked_on" not in roles:
        raise MappingRefused(f"No column of {name or 'the file'} looks like a date. Choose the columns by hand.")
    suggestion = _suggestion(header, data, roles, name)
    if not unknown:
        return suggestion
    return replace(suggestion, doubts=("The headings are not known: check what each column means.", *suggestion.doubts))


def _unknown_header(rows: Sequence[Row]) -> Row | None:
    """The first row, as wide as the rows below it, where it holds only words and they do not."""
    if len(rows) < 2 or any(_is_date(cell) or _is_amount(cell) for cell in rows[0].cells if written(cell)):
        return None
    titles = [written(cell) for cell in rows[0].cells]
    if sum(map(bool, titles)) < 2 or not any(_is_amount(cell) for cell in rows[1].cells):
        return None
    width = max(len(row.cells) for row in rows[: SAMPLE_ROWS + 1])
    return Row(rows[0].number, (*titles, *[""] * (width - len(titles))))


def _suggestion(header: Row | None, data: Sequence[Row], roles: dict[str, int], name: str) -> Suggestion:
    doubts: list[str] = [] if header else ["The file has no headers: check what each column means."]
    date_format, unsure = guess_date_format(_cells(data, roles["booked_on"]))
    if unsure:
        doubts.append(f"Day and month could be exchanged: dates are read as {date_format}.")
    amounts = [cell for role in ("amount", "debit", "credit", "balance") for cell in _cells(data, roles.get(role))]
    decimal, thousands = guess_signs(amounts)
    _correct_by_cells(roles, data)
    text = _text_columns(header, roles) or ([roles["text"]] if "text" in roles else [])
    taken = {role: _column(header, position) for role, position in roles.items() if role != "text"}
    mapping = ColumnMapping(
        name=name,
        **taken,  # type: ignore[arg-type]
        date_format=date_format,
        decimal=decimal,
        thousands=thousands,
        text=tuple(_column(header, position) for position in text),
        currency_code="" if "currency" in roles else _header_currency(header, roles),
        header_row=header.number if header else 0,
    )
    return Suggestion(mapping, tuple(doubts))


def _correct_by_cells(roles: dict[str, int], data: Sequence[Row]) -> None:
    """What a heading promises and its cells do not keep: marks that are none, and our account changing by the line."""
    if "indicator" in roles and not _is_indicator(_cells(data, roles["indicator"])):
        roles.pop("indicator")
    if "account" in roles and len({written(cell) for cell in _cells(data, roles["account"])}) > 1:
        position = roles.pop("account")
        roles.setdefault("payer_account", position)


def _header_row(rows: Sequence[Row]) -> Row | None:
    for row in rows[:HEADER_SEARCH_ROWS]:
        roles = _roles(row)
        if "booked_on" in roles and ("amount" in roles or {"debit", "credit"} <= roles.keys()):
            return row
    return None


def _title(cell: Cell) -> str:
    words = BRACKETS.sub(" ", written(cell)).casefold().split()
    return " ".join(word for word in words if word.upper() not in currency_codes() or len(words) == 1)


def _roles(header: Row) -> dict[str, int]:
    """The column of each role; a better word wins over a column further left."""
    titles = [_title(cell) for cell in header.cells]
    roles: dict[str, int] = {}
    for role, words in HEADER_WORDS.items():
        for word in words.split("|"):
            free = (p for p, title in enumerate(titles) if title == word and p not in roles.values())
            position = next(free, None)
            if position is not None:
                roles[role] = position
                break
    return roles


def _text_columns(header: Row | None, roles: dict[str, int]) -> list[int]:
    if header is None:
        return [roles["text"]] if "text" in roles else []
    taken = set(roles.values())
    return [p for p, cell in enumerate(header.cells) if p not in taken and TEXT_WORDS.search(_title(cell))]


def _column(header: Row | None, position: int) -> Column:
    """By its title where that is unique, else by its number."""
    if header is None:
        return position + 1
    titles = [written(cell) for cell in header.cells]
    title = titles[position] if position < len(titles) else ""
    return title if title and titles.count(title) == 1 else position + 1


def _header_currency(header: Row | None, roles: dict[str, int]) -> str:
    for role in ("amount", "credit", "debit"):
        if header is not None and role in roles:
            for word in re.findall(r"\b[A-Z]{3}\b", written(header.cells[roles[role]])):
                if word in currency_codes():
                    return str(word)
    return ""


def _cells(rows: Iterable[Row], position: int | None) -> list[Cell]:
    if position is None:
        return []
    found = (row.cells[position] for row in rows if position < len(row.cells))
    return [cell for cell in found if written(cell)]


def _is_indicator(cells: Sequence[Cell]) -> bool:
    return {written(cell).upper() for cell in cells} <= {*CREDIT_WORDS, *DEBIT_WORDS}


def _roles_by_shape(rows: Sequence[Row]) -> dict[str, int]:
    """Without headers: the first dates, the last amounts, the longest words."""
    sample = rows[:SAMPLE_ROWS]
    width = max(len(row.cells) for row in sample)
    columns = {position: _cells(sample, position) for position in range(width)}
    dates = [position for position, cells in columns.items() if _mostly(cells, _is_date)]
    amounts = [p for p, cells in columns.items() if p not in dates and _mostly(cells, _is_amount)]
    roles: dict[str, int] = dict(zip(("booked_on", "value_on"), dates, strict=False))
    if len(amounts) == 1 or (amounts and len(columns[amounts[0]]) * 5 > len(sample) * 4):
        roles["amount"] = amounts[0]
    elif len(amounts) >= 2:
        roles["credit"], roles["debit"] = amounts[0], amounts[1]
    others = {p: cells for p, cells in columns.items() if cells and p not in {*dates, *amounts}}
    if others:
        roles["text"] = max(others, key=lambda p: sum(len(written(cell)) for cell in others[p]))
    return roles


def _mostly(cells: Sequence[Cell], fits: Callable[[Cell], bool]) -> bool:
    """Notes and totals between the movements do not count."""
    return bool(cells) and sum(map(fits, cells)) * 10 >= len(cells) * 9


def _is_date(cell: Cell) -> bool:
    if isinstance(cell, date | datetime):
        return True
    return any(re.match(rf"{shape}(?!\d)", written(cell)) for shape, _ in DATE_SHAPES)


def _is_amount(cell: Cell) -> bool:
    if isinstance(cell, int | float):
        return not isinstance(cell, bool)
    return bool(AMOUNT_SHAPE.fullmatch(written(cell)))


def guess_date_format(cells: Sequence[Cell]) -> tuple[str, bool]:
    """The pattern of the dates, and whether day and month could be the other way round."""
    texts = [written(cell) for cell in cells if not isinstance(cell, date | datetime)]
    if not texts:
        return "YYYY-MM-DD", False
    for shape, pattern in DATE_SHAPES:
        fitting = [text for text in texts if re.match(rf"{shape}(?!\d)", text)]
        if len(fitting) * 10 >= len(texts) * 9:
            return _day_or_month_first(pattern, fitting) if pattern.startswith("DD/") else (pattern, False)
    return "DD.MM.YYYY", True


def _day_or_month_first(pattern: str, texts: Sequence[str]) -> tuple[str, bool]:
    pairs = [tuple(int(part) for part in re.findall(r"\d+", text)[:2]) for text in texts]
    if any(first > 12 for first, _ in pairs):
        return pattern, False
    if any(second > 12 for _, second in pairs):
        return pattern.replace("DD/MM", "MM/DD"), False
    return pattern, True


def guess_signs(cells: Sequence[Cell]) -> tuple[str, str]:
    """The decimal and the thousands sign."""
    texts = [written(cell) for cell in cells if isinstance(cell, str)]
    decimals = [found[0] for text in texts if (found := CENTS.search(text))]
    decimal = max(set(decimals), key=decimals.count) if decimals else "."
    candidates = (sign for sign in (",", ".", "'", " ") if sign != decimal)
    thousands = next((sign for sign in candidates if any(sign in text for text in texts)), "")
    return decimal, thousands
