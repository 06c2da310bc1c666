"""Writing down the steps of a strategy, and to whom a segment belongs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.text import slugify

from ar_collections.models import Segment, Step, Strategy, StrategyVersion
from ar_collections.queries.dry_run import MOST_DAYS, Basis, Span
from ar_collections.segments import StepFacts
from ar_collections.tones import TEMPLATES, Tone
from core.forms import AmountField, DayField

EMPTY_ROWS = 2


class StepForm(forms.Form):
    """One step. A row without a name is left out."""

    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, required=False, label="Step")
    day = forms.IntegerField(required=False, min_value=-60, max_value=720, label="Days past due")
    channel = forms.ChoiceField(choices=Step.Channel.choices, label="Written by")
    asks_call = forms.BooleanField(required=False, label="Call")
    template = forms.ChoiceField(choices=[("", "No wording"), *TEMPLATES], required=False, label="Wording")
    tone = forms.ChoiceField(choices=Tone.choices, label="Tone")
    copy_to = forms.ChoiceField(choices=Step.Copy.choices, required=False, label="On copy there")
    copy_addresses = forms.CharField(required=False, label="On copy here")
    is_courtesy = forms.BooleanField(required=False, label="May be passed over")
    is_by_hand = forms.BooleanField(required=False, label="Manager")

    def clean_copy_addresses(self) -> tuple[str, ...]:
        """Addresses, parted by commas or blanks."""
        found = self.cleaned_data["copy_addresses"].replace(",", " ").replace(";", " ").split()
        for address in found:
            forms.EmailField().clean(address)
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """A step that is there has its day."""
        facts = super().clean() or {}
        if facts.get("name") and facts.get("day") is None and "day" not in self.errors:
            self.add_error("day", f"Say on which day past due “{facts['name']}” comes.")
        return facts

    def facts(self) -> StepFacts:
        """What was filled in; a new step is called by its name."""
        facts = dict(self.cleaned_data)
        facts["code"] = facts["code"] or slugify(facts["name"]).replace("-", "_")[:30] or f"day_{facts['day']}"
        return StepFacts(**facts)


class LadderForm(forms.Form):
    """What is said of a version as a whole."""

    gap_days = forms.IntegerField(
        min_value=0, max_value=30, label="Days between messages", help_text="From one automatic message to the next."
    )
    note = forms.CharField(max_length=300, required=False, label="What is new in it")


Steps = forms.formset_factory(StepForm, extra=EMPTY_ROWS, max_num=30)


def written_steps(forms_of_steps: Iterable[StepForm]) -> list[StepFacts]:
    """The steps that have a name."""
    return [form.facts() for form in forms_of_steps if form.cleaned_data.get("name")]


def steps_of(version: StrategyVersion) -> list[dict[str, Any]]:
    """A version's steps as the form begins with them."""
    return [
        {
            **{name: getattr(step, name) for name in StepForm.base_fields},
            "copy_addresses": ", ".join(step.copy_addresses),
        }
        for step in version.steps.order_by("day")
    ]


class SegmentForm(forms.Form):
    """Which strategy a segment follows, and by what customers belong to it."""

    strategy = forms.ModelChoiceField(Strategy.objects.none(), label="Strategy")
    keyword = forms.CharField(
        max_length=60, required=False, label="Segment in the master data", help_text="As it stands on the customer."
    )
    threshold = AmountField(required=False, label="Owes less than")

    def __init__(self, *args: Any, segment: Segment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["strategy"].queryset = Strategy.objects.filter(entity=segment.entity)  # type: ignore[attr-defined]
        if segment.rule != Segment.Rule.KEYWORD:
            del self.fields["keyword"]
        if segment.rule != Segment.Rule.SMALL:
            del self.fields["threshold"]


class OffForm(forms.Form):
    """Why a version is switched off."""

    reason = forms.CharField(max_length=200, label="Why is it switched off?")


class TryForm(forms.Form):
    """On which days that are over a version is tried, and by which knowledge."""

    from_on = DayField(label="First day")
    until_on = DayField(label="Last day")
    basis = forms.ChoiceField(choices=Basis.choices, label="Told")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A span that is over and not too long."""
        facts = super().clean() or {}
        from_on, until_on = facts.get("from_on"), facts.get("until_on")
        if from_on and until_on:
            if until_on >= self.today:
                raise forms.ValidationError("Choose days that are over.")
            if until_on < from_on or (until_on - from_on).days > MOST_DAYS:
                raise forms.ValidationError(f"Choose a span of up to {MOST_DAYS} days.")
        return facts

    def span(self) -> Span:
        """What was filled in."""
        return Span(self.cleaned_data["from_on"], self.cleaned_data["until_on"], Basis(self.cleaned_data["basis"]))
