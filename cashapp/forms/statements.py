"""Uploading a statement, choosing its account, and saying what its columns mean."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from cashapp.statements.mapping import Column, ColumnMapping
from cashapp.statements.tables import Row, written
from cashapp.statements.values import squeeze
from core.forms import DateInput
from core.models import BankAccount, LegalEntity

DATE_FORMATS = (
    "DD/MM/YYYY MM/DD/YYYY YYYY-MM-DD DD.MM.YYYY DD-MM-YYYY YYYY/MM/DD YYYY.MM.DD YYYYMMDD DD/MM/YY DD.MM.YY"
).split()
DATE_CHOICES = [(each, each) for each in (*DATE_FORMATS, "DD MON YYYY", "DD-MON-YYYY")]
DELIMITERS = [("", "Found by itself"), (",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar |")]
ENCODINGS = [("", "Found by itself"), *((code, code) for code in ("utf-8", "cp1252", "cp1250", "cp852", "utf-16"))]
DECIMALS = [(".", "Point: 1,234.50"), (",", "Comma: 1.234,50")]
THOUSANDS = [("", "None"), (",", "Comma"), (".", "Point"), (" ", "Space"), ("'", "Apostrophe")]
COLUMNS = {
    "booked_on": "Booking date",
    "value_on": "Value date",
    "amount": "Amount",
    "debit": "Debit",
    "credit": "Credit",
    "indicator": "Debit or credit mark",
    "balance": "Balance after the line",
    "payer": "Other side’s name",
    "payer_account": "Other side’s account",
    "bank_reference": "Bank’s reference",
    "end_to_end": "End-to-end reference",
    "creditor_reference": "Structured reference",
    "currency": "Currency",
    "account": "Our account",
}


class UploadForm(forms.Form):
    """One file from the bank."""

    file = forms.FileField(
        label="Statement file",
        help_text="CAMT.053, .052 or .054, MT940, CSV, XLSX or XLS. The content tells the format.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.sta,.940,.942,.mt940,.swi,.txt,.csv,.dat,.xlsx,.xls"}),
    )


class AccountForm(forms.Form):
    """The account, where the file does not name it."""

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank_account"] = forms.ModelChoiceField(
            BankAccount.objects.filter(entity=entity, is_active=True),
            required=False,
            label="Bank account",
            empty_label="As the file says",
        )


class DayForm(forms.Form):
    """An account and a day to reconcile."""

    day = forms.DateField(label="Day", widget=DateInput)
    field_order = ("account", "day")

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = BankAccount.objects.filter(entity=entity)
        self.fields["account"] = forms.ModelChoiceField(accounts, label="Bank account", empty_label=None)
        self.order_fields(self.field_order)


class MappingForm(forms.Form):
    """What each column means. Parts of the mapping that it does not show stay as they were."""

    date_format = forms.ChoiceField(label="Dates are written", choices=DATE_CHOICES)
    decimal = forms.ChoiceField(label="Decimals", choices=DECIMALS)
    thousands = forms.ChoiceField(label="Thousands", choices=THOUSANDS, required=False)
    header_row = forms.IntegerField(label="Headings are in row", min_value=0, help_text="0 when there are none.")
    skip_footer = forms.IntegerField(label="Rows to leave out at the end", min_value=0)
    currency_code = forms.CharField(label="Currency of all lines", max_length=3, required=False)
    delimiter = forms.ChoiceField(label="Columns are parted by", choices=DELIMITERS, required=False)
    encoding = forms.ChoiceField(label="Letters are coded in", choices=ENCODINGS, required=False)
    text = forms.MultipleChoiceField(label="Text", required=False, widget=forms.CheckboxSelectMultiple)
    inverse_sign = forms.BooleanField(label="Turn all signs round (card statements)", required=False)
    rows_continue = forms.BooleanField(label="Rows without date and amount go on with the text above", required=False)
    name = forms.CharField(label="Save as", max_length=80, required=False, help_text="A name, such as the bank’s.")

    def __init__(self, rows: Sequence[Row], start: ColumnMapping, data: Any = None) -> None:
        self.start = start
        super().__init__(data, initial=_initial(start))
        choices = column_choices(rows, start.header_row)
        for role, label in COLUMNS.items():
            known = [("", "–"), *_with_chosen(choices, getattr(start, role))]
            self.fields[role] = forms.ChoiceField(label=label, choices=known, required=role == "booked_on")
            self.initial[role] = _value(getattr(start, role))
        self.fields["text"].choices = choices  # type: ignore[attr-defined]

    def column_fields(self) -> list[forms.BoundField]:
        """The selects that say which column is which."""
        return [self[role] for role in COLUMNS]

    def mapping(self) -> ColumnMapping:
        """The mapping as chosen; MappingRefused when it cannot work. Asked after is_valid."""
        chosen = dict(self.cleaned_data)
        for role in COLUMNS:
            chosen[role] = _column(chosen[role])
        chosen["text"] = tuple(_column(each) for each in chosen["text"])
        chosen["currency_code"] = chosen["currency_code"].strip().upper()
        return replace(self.start, **chosen)


def column_choices(rows: Sequence[Row], header_row: int) -> list[tuple[str, str]]:
    """Every column by its heading where that is unique, else by its number with what its first row holds."""
    header = next((row for row in rows if row.number >= header_row), None) if header_row else None
    first = next((row for row in rows if row.number > header_row), rows[0])
    titles = [squeeze(written(cell)) for cell in header.cells] if header else []
    choices: list[tuple[str, str]] = []
    for position in range(max(len(row.cells) for row in rows[:100])):
        title = titles[position] if position < len(titles) else ""
        if title and titles.count(title) == 1:
            choices.append((title, title))
        else:
            example = squeeze(written(first.cells[position])) if position < len(first.cells) else ""
            choices.append((f"#{position + 1}", f"Column {position + 1}: {(title or example)[:30]}"))
    return choices


def _with_chosen(choices: list[tuple[str, str]], chosen: Column) -> list[tuple[str, str]]:
    """A column that the mapping names in other letters is offered as the mapping names it."""
    value = _value(chosen)
    spelled = {each.casefold(): each for each, _ in choices}
    if not value or value in spelled.values():
        return choices
    return [(value, f"{value} (by number)" if isinstance(chosen, int) else value), *choices]


def _value(column: Column) -> str:
    return f"#{column}" if isinstance(column, int) else column


def _column(value: str) -> Column:
    return int(value[1:]) if value[:1] == "#" and value[1:].isdigit() else value


def _initial(start: ColumnMapping) -> dict[str, Any]:
    shown = (
        "date_format decimal thousands header_row skip_footer currency_code delimiter encoding inverse_sign "
        "rows_continue name"
    ).split()
    return {**{name: getattr(start, name) for name in shown}, "text": [_value(column) for column in start.text]}
