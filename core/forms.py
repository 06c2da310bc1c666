"""How forms look everywhere, and the one rich field: a combobox that asks the server while somebody types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.errors import NotAllowed, Refused

if TYPE_CHECKING:
    ChoiceOfRow = forms.ModelChoiceField[Any]
    RowForm = forms.ModelForm[Any]
else:
    ChoiceOfRow = forms.ModelChoiceField
    RowForm = forms.ModelForm

Done = TypeVar("Done")
Form = forms.Form | RowForm

SEPARATOR = " · "
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")


class FormRenderer(TemplatesSetting):
    """Renders fields and forms by our own templates."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day within the life of a company, so that no calendar is asked for the end of all times."""

    widget = DateInput
    FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for usual, bound in ((MinValueValidator, self.FIRST), (MaxValueValidator, self.LAST)):
            self.validators.append(usual(bound, f"Choose a day between {self.FIRST.year} and {self.LAST.year}."))


class NotADay(Refused):
    """What was written is no date, and no other day is taken in its place."""

    code = "not_a_day"


def day_in(form: forms.Form, name: str, usual: date | None = None) -> date:
    """The day that a form of buttons says; `usual` only where the field is left empty."""
    if form.is_valid():
        found: date = form.cleaned_data[name]
        return found
    written = str(form.data.get(form.add_prefix(name), "")).strip()
    if usual is not None and not written:
        return usual
    raise NotADay(f"“{written}” is no day. Write it as 2026-12-31." if written else "Write the day.")


class AmountInput(forms.TextInput):
    """An amount that can be typed with separators; money.js keeps it tidy."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "decimal", "autocomplete": "off", "class": "num", "data-money": "", **(attrs or {})}
        )


class AmountField(forms.DecimalField):
    """An amount as people and money.js write it: 1234.5 or 1,234.50. A comma that parts no thousands is refused."""

    widget = AmountInput
    default_error_messages = {"invalid": "Write an amount such as 1,234.50."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 3, **options})

    def to_python(self, value: Any) -> Any:
        """Take the commas between thousands away."""
        if isinstance(value, str):
            value = value.strip().replace("\u2212", "-")
            value = value.replace(",", "") if GROUPED.fullmatch(value) else value
        return super().to_python(value)


class Combobox(forms.TextInput):
    """A text field that offers what the server finds; without scripts the code can be typed."""

    template_name = "core/forms/combobox.html"

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.source = source

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["source"] = reverse(self.source)
        return context


class CodeField(ChoiceOfRow):
    """Chooses one row by its code, shown as “C-10420 · Brightwater Hotels”."""

    default_error_messages = {"invalid_choice": "There is no “%(value)s” here. Type its code, or choose from the list."}

    def __init__(self, queryset: QuerySet[Any], *, source: str, **options: Any) -> None:
        options.setdefault("widget", Combobox(source))
        super().__init__(queryset, to_field_name="code", **options)

    def prepare_value(self, value: Any) -> Any:
        """Show code and name, however the value arrives."""
        if isinstance(value, Model):
            return f"{getattr(value, 'code', value.pk)}{SEPARATOR}{getattr(value, 'name', value)}"
        if isinstance(value, int):
            row = self.queryset.filter(pk=value).first() if self.queryset is not None else None
            return self.prepare_value(row) if row else value
        return value

    def to_python(self, value: Any) -> Any:
        """Take the code out of what was typed or chosen."""
        if isinstance(value, str):
            value = value.split(SEPARATOR)[0].strip()
        try:
            return super().to_python(value)
        except ValidationError as error:
            error.params = {"value": value}
            raise


def offer_rows(form: Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field choose among these rows."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no row.")
    field.queryset = rows


def offer_choices(form: Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let a field choose among these values, each with its words."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} chooses no value.")
    field.choices = list(choices)


def refuse(form: Form, sentence: str, field: str | None = None) -> None:
    """Show an action's refusal at the form, or at the field that it is about."""
    form.add_error(field if field in form.fields else None, sentence)


def carry_out(form: Form, action: Callable[..., Done], **facts: Any) -> Done | None:
    """Call an action with what the form holds; show its refusal at the form and return nothing."""
    try:
        return action(**facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        refuse(form, refusal.message)
    except ValidationError as error:
        for field, messages in _by_field(error).items():
            for message in messages:
                refuse(form, message, field)
    return None


def _by_field(error: ValidationError) -> dict[str | None, list[str]]:
    if hasattr(error, "error_dict"):
        return {field: list(messages) for field, messages in error.message_dict.items()}
    return {None: list(error.messages)}


def shown(request: HttpRequest, template: str, context: dict[str, Any], form: Form) -> HttpResponse:
    """The page with its form; 422 when the form was refused, so that htmx swaps it and scripts notice."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)
