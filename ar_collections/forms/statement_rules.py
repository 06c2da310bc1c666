"""When statements go out, and what they list."""

from django import forms

from ar_collections.actions.statements import RuleFacts
from ar_collections.models import StatementRule
from ar_collections.statement_days import DayRule, Shift
from core.forms import DayField


class StatementRuleForm(forms.Form):
    """The rule."""

    is_on = forms.BooleanField(required=False, label="Send by itself")
    day = forms.IntegerField(
        label="Day of the month", min_value=1, max_value=31, help_text="The last one where a month is shorter."
    )
    saturday = forms.ChoiceField(label="On a Saturday", choices=Shift.choices)
    sunday = forms.ChoiceField(label="On a Sunday", choices=Shift.choices)
    holiday = forms.ChoiceField(
        label="On a holiday",
        choices=Shift.choices,
        help_text="Until somebody works; off a weekend it goes on its own way.",
    )
    style = forms.ChoiceField(label="It lists", choices=StatementRule.Style.choices)
    by_group = forms.BooleanField(
        required=False, label="One for a whole group", help_text="Sent to the parent, with every member’s statement."
    )

    def facts(self) -> RuleFacts:
        """What was filled in."""
        given = self.cleaned_data
        days = DayRule(given["day"], Shift(given["saturday"]), Shift(given["sunday"]), Shift(given["holiday"]))
        style = StatementRule.Style(given["style"])
        return RuleFacts(days=days, style=style, by_group=given["by_group"], is_on=given["is_on"])


class RunForm(forms.Form):
    """As at which day everybody’s statement is made."""

    as_of = DayField(label="As at")
