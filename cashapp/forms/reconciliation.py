"""Choosing a bank day or month, and naming a difference of it."""

from typing import Any

from django import forms

from core.forms import DayField
from core.models import BankAccount, LegalEntity, RoleGrant, User
from core.roles import ROLES


class DayForm(forms.Form):
    """An account and a day to reconcile."""

    day = DayField(label="Day")
    field_order = ("account", "day")

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = BankAccount.objects.filter(entity=entity)
        self.fields["account"] = forms.ModelChoiceField(accounts, label="Bank account", empty_label=None)
        self.order_fields(self.field_order)


class MonthForm(forms.Form):
    """A month, by any of its days."""

    month_on = DayField(label="Month", help_text="Any day of it.")


class NameForm(forms.Form):
    """Whose a difference is, why it stands, and until when it is to be gone."""

    reason = forms.CharField(label="Reason", max_length=200)
    due_on = DayField(label="Gone by")
    field_order = ("owner", "reason", "due_on")

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role, given in ROLES.items() if "cashapp.view" in given]
        held = RoleGrant.objects.filter(entity=entity, ended_at=None, role__in=roles)
        people = User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name")
        self.fields["owner"] = forms.ModelChoiceField(people, label="Owner", empty_label=None)
        self.order_fields(self.field_order)


class NoteForm(forms.Form):
    """What whoever signs should know."""

    note = forms.CharField(label="Note", max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why a signed day is opened again."""

    reason = forms.CharField(label="Reason", max_length=300)
