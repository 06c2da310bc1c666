"""Uploading a statement, choosing its account, and saying what its columns mean."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from cashapp.statements.mapping import Column, ColumnMapping
from cashapp.statements.values import squeeze
from core.forms import offer_choices
from core.models import BankAccount, LegalEntity
from core.rows import Row, written

DATE_CHOICES = [
    ("DD/MM/YYYY", "31/12/2026 (day first)"),
    ("MM/DD/YYYY", "12/31/2026 (month first)"),
    ("YYYY-MM-DD", "2026-12-31"),
    ("DD.MM.YYYY", "31.12.2026"),
    ("DD-MM-YYYY", "31-12-2026"),
    ("YYYY/MM/DD", "2026/12/31"),
    ("YYYY.MM.DD", "2026.12.31"),
    ("YYYYMMDD", "20261231"),
    ("DD/MM/YY", "31/12/26 (day first)"),
    ("DD.MM.YY", "31.12.26"),
    ("DD MON YYYY", "31 Dec 2026"),
    ("DD-MON-YYYY", "31-Dec-2026"),
]
DELIMITERS = [("", "Find out"), (",", "Comma ,"), (";", "Semicolon ;"), ("\t", "Tab"), ("|", "Bar |")]
ENCODINGS = [
    ("", "Find out"),
    ("utf-8", "Unicode (UTF-8)"),
    ("cp1252", "Western European (Windows-1252)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp852", "Central European (DOS 852)"),
    ("utf-16", "Unicode (UTF-16)"),
]
DECIMALS = [(".", "Point: 1,234.50"), (",", "Comma: 1.234,50")]
THOUSANDS = [
    ("", "Nothing: 1234"),
    (",", "Comma: 1,234"),
    (".", "Point: 1.234"),
    (" ", "Space: 1 234"),
    ("'", "Apostrophe: 1'234"),
]
MAIN_COLUMNS = {
    "booked_on": ("Date", "The day on which the bank booked it."),
    "payer": ("Who paid", "The name of the other side."),
    "amount": ("Amount", "One column for both ways; else leave it empty and use the two below."),
    "currency": ("Currency", ""),
    "credit": ("Money in", ""),
    "debit": ("Money out", ""),
}
OTHER_COLUMNS = {
    "value_on": ("Value date", "From when the bank counts the money, where that is another day."),
    "indicator": ("In or out", "A column of letters such as C and D, where the amounts carry no minus."),
    "balance": ("Balance after each line", "The lines are checked against it."),
    "payer_account": ("Account of who paid", ""),
    "bank_reference": ("Bank’s own number of the line", "Keeps a line from coming in twice."),
    "end_to_end": ("Payer’s reference", "Also called end-to-end."),
    "creditor_reference": ("Our reference on the invoice", "Such as RF18 5390 0754."),
    "account": ("Our account number", "Where one file holds several accounts."),
}
COLUMNS = {**MAIN_COLUMNS, **OTHER_COLUMNS}
ACCEPTED = ".xml,.sta,.940,.942,.mt940,.swi,.bai,.bai2,.bci,.ofx,.qfx,.qif,.txt,.csv,.tsv,.dat,.xlsx,.xls"
WRITING = "date_format decimal thousands currency_code header_row skip_footer delimiter encoding".split()


class UploadForm(forms.Form):
    """One file from the bank."""

    file = forms.FileField(
        label="Statement file",
        help_text="CAMT, MT940, BAI2, OFX, QIF, CSV, a workbook, or a settlement file of Adyen, PayPal, Stripe or "
        "GoCardless. The content tells which.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
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


class MappingForm(forms.Form):
    """What each column means. Parts of the mapping that it does not show stay as they were."""

    date_format = forms.ChoiceField(label="Dates look like", choices=DATE_CHOICES)
    decimal = forms.ChoiceField(label="Cents come after a", choices=DECIMALS)
    thousands = forms.ChoiceField(label="Thousands are grouped by", choices=THOUSANDS, required=False)
    header_row = forms.IntegerField(label="Row of the headings", min_value=0, help_text="0 if there are none.")
    skip_footer = forms.IntegerField(
        label="Rows to skip at the end", min_value=0, help_text="Totals and notes below the last line."
    )
    currency_code = forms.CharField(
        label="Currency of the file", max_length=3, required=False, help_text="Such as EUR, if no column says it."
    )
    delimiter = forms.ChoiceField(label="Columns are separated by", choices=DELIMITERS, required=False)
    encoding = forms.ChoiceField(
        label="Character set", choices=ENCODINGS, required=False, help_text="Change it if ä, é or ł look wrong."
    )
    text = forms.MultipleChoiceField(
        label="What the payment is for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick every column whose words may name an invoice.",
    )
    inverse_sign = forms.BooleanField(
        label="Plus and minus are the wrong way round", required=False, help_text="As on statements of cards."
    )
    rows_continue = forms.BooleanField(
        label="Long texts go on in the next row", required=False, help_text="In rows without date and amount."
    )
    name = forms.CharField(
        label="Remember these columns as",
        max_length=80,
        required=False,
        help_text="The bank’s name, for instance. Files with these headings are read the same way from then on.",
    )

    def __init__(self, rows: Sequence[Row], start: ColumnMapping, data: Any = None) -> None:
        self.start = start
        super().__init__(data, initial=_initial(start))
        choices = column_choices(rows, start.header_row)
        for role, (label, help_text) in COLUMNS.items():
            known = [("", "Not in the file"), *_with_chosen(choices, getattr(start, role))]
            self.fields[role] = forms.ChoiceField(
                label=label, choices=known, required=role == "booked_on", help_text=help_text
            )
            self.initial[role] = _value(getattr(start, role))
        offer_choices(self, "text", choices)

    def main_columns(self) -> list[forms.BoundField]:
        """The columns that nearly every file has."""
        return [self[role] for role in MAIN_COLUMNS]

    def other_columns(self) -> list[forms.BoundField]:
        """The columns that some banks add."""
        return [self[role] for role in OTHER_COLUMNS]

    def writing(self) -> list[forms.BoundField]:
        """How dates, amounts and the file itself are written."""
        return [self[name] for name in WRITING]

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
    return int(value[1:]) if value[:1] == "#" and value[1:].isdecimal() else value


def _initial(start: ColumnMapping) -> dict[str, Any]:
    shown = (
        "date_format decimal thousands header_row skip_footer currency_code delimiter encoding inverse_sign "
        "rows_continue name"
    ).split()
    return {**{name: getattr(start, name) for name in shown}, "text": [_value(column) for column in start.text]}
