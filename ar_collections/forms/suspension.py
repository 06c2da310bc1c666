"""Opening, leading and looking for suspensions."""

from typing import Any

from django import forms

from ar_collections.actions.suspension import SuspensionFacts
from ar_collections.actions.suspension_approvals import MoreTime
from ar_collections.forms.disputes import people_of
from ar_collections.models import OwnerNote, SuspensionPolicy
from ar_collections.suspension import Ending, Function, Level
from core.forms import DayField, RowForm, offer_rows
from core.models import LegalEntity, User
from ledger.models import OpenItem

VIEWS = {"open": "Open", "candidates": "Over 30 days", "stopped": "Suspended", "ended": "Ended"}
CHOSEN = [(ending.value, ending.label) for ending in (Ending.WITHDRAWN, Ending.EXEMPT, Ending.TERMINATED)]
WEEKDAYS = [(number, name) for number, name in enumerate("Monday Tuesday Wednesday Thursday Friday".split())]


class SuspensionFilter(forms.Form):
    """Which cases a list shows."""

    view = forms.ChoiceField(choices=list(VIEWS.items()), required=False, label="Show")
    q = forms.CharField(required=False, label="Find")


class PolicyForm(RowForm):
    """To whom requests go, and on what suspensions rest."""

    meeting_weekday = forms.TypedChoiceField(choices=WEEKDAYS, coerce=int, label="Weekly meeting")

    class Meta:
        model = SuspensionPolicy
        fields = ("support_name", "support_email", "clause", "meeting_weekday")

    def _post_clean(self) -> None:
        """The row is written by the action, which checks it."""


class OpenSuspensionForm(forms.Form):
    """How much stops, for which documents, and who stands in the case for what."""

    level = forms.ChoiceField(choices=Level.choices, initial=Level.FULL, label="What stops", widget=forms.RadioSelect)
    final = forms.ModelChoiceField(
        OpenItem.objects.none(),
        required=False,
        label="For one final alone",
        empty_label="For all that is over 30 days past due",
    )
    clause = forms.CharField(max_length=200, label="Clause of the contract")

    def __init__(self, *args: Any, entity: LegalEntity, items: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "final", items)
        for function in Function:
            self.fields[f"owner_{function.value}"] = forms.ModelChoiceField(
                people_of(entity),
                required=function in (Function.COLLECTIONS, Function.SERVICE),
                label=function.label,
                empty_label="Nobody",
            )

    @property
    def owners(self) -> list[Any]:
        """The fields of the people."""
        return [self[f"owner_{function.value}"] for function in Function]

    def facts(self) -> SuspensionFacts:
        """What was filled in."""
        given = self.cleaned_data
        chosen: dict[Function, User | None] = {each: given[f"owner_{each.value}"] for each in Function}
        return SuspensionFacts(
            owners={function: person for function, person in chosen.items() if person is not None},
            level=Level(given["level"]),
            final=given["final"],
            clause=given["clause"],
        )


class ApprovalForm(forms.Form):
    """Why a service is to be stopped."""

    reason = forms.CharField(max_length=400, label="Why")


class ProofForm(forms.Form):
    """A customer's proof of payment."""

    proof = forms.FileField(label="Proof of payment")
    note = forms.CharField(max_length=300, required=False, label="Who sent it, and what it shows")

    def facts(self) -> dict[str, Any]:
        """What was filled in."""
        file = self.cleaned_data["proof"]
        return {"proof": (file.name, file.read()), "note": self.cleaned_data["note"]}


class ExtensionForm(forms.Form):
    """More time, with the customer's proof."""

    until_on = DayField(label="Until")
    reason = forms.CharField(max_length=400, label="Why they get more time")
    proof = forms.FileField(label="The customer’s proof")

    def asked(self) -> MoreTime:
        """What was filled in."""
        file = self.cleaned_data["proof"]
        return MoreTime(self.cleaned_data["until_on"], self.cleaned_data["reason"], (file.name, file.read()))


class EndForm(forms.Form):
    """How a case ends that the ledger doesn't end."""

    ending = forms.ChoiceField(choices=CHOSEN, label="How it ends")
    reason = forms.CharField(max_length=400, label="Why")


class ExemptionForm(forms.Form):
    """Why a customer may be suspended again."""

    reason = forms.CharField(max_length=400, label="Why it holds no more")


class DoneForm(forms.Form):
    """What support said when it was done."""

    note = forms.CharField(max_length=300, required=False, label="What support said")


class NoteForm(forms.Form):
    """How a case stands, in an owner's words."""

    text = forms.CharField(
        max_length=OwnerNote._meta.get_field("text").max_length,
        label="How it stands",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
