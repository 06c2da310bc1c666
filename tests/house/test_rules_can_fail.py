"""A rule that cannot fail is no rule: each of them is shown something bad and something good."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import rules

Rule = Callable[[str], Iterator[str]]

GOOD_ACTION = '''
@transaction.atomic
def post_receipt(*, by: User, amount: Money) -> Receipt:
    """Record money that came in."""
    require(by, "cashapp.post_receipt")
'''

BAD = [
    (rules.complaints_about_length, "x = 1\n" * 401, "401 lines"),
    (rules.complaints_about_length, "def long() -> None:\n" + "    pass\n" * 50, "long has 51 lines"),
    (rules.complaints_about_signatures, "def bare(x):\n    return x\n", "bare has no return type"),
    (rules.complaints_about_actions, GOOD_ACTION.replace("@transaction.atomic", ""), "not @transaction.atomic"),
    (rules.complaints_about_actions, GOOD_ACTION.replace("*, ", ""), "positional"),
    (rules.complaints_about_actions, GOOD_ACTION.replace("by: User, ", ""), "does not take `by` first"),
    (rules.complaints_about_actions, GOOD_ACTION.replace("by: User", "by"), "needs `by` with a type"),
    (rules.complaints_about_actions, GOOD_ACTION.replace("by: User", "by: User = None"), "without a default"),
    (rules.complaints_about_actions, GOOD_ACTION.replace('"""', "'", 1).replace('"""', "' and x"), "no docstring"),
    (rules.complaints_about_writes, "def view(request):\n    form.instance.save()\n", "form.instance.save"),
    (rules.complaints_about_writes, "Customer.objects.filter(pk=1).update(name='x')\n", "update"),
    (rules.complaints_about_writes, "Customer.objects.get_or_create(code='x')\n", "get_or_create"),
    (rules.complaints_about_hidden_imports, "def f():\n    from core import money\n", "f imports inside"),
    (rules.complaints_about_floats, "total = float(amount)\n", "makes a float"),
    (rules.complaints_about_floats, "net = gross / 1.19\n", "the float 1.19"),
    (rules.complaints_about_floats, "rate = models.FloatField()\n", "FloatField"),
    (rules.complaints_about_migrations, "operations = [pgtrigger.migrations.AddTrigger(trigger=x)]\n", "line 1 uses"),
    (rules.complaints_about_migrations, "from pgtrigger.migrations import AddTrigger\n", "line 1 takes AddTrigger"),
    (rules.complaints_about_days, "on = forms.DateField(label='Day')\n", "line 1 uses forms.DateField"),
    (rules.complaints_about_days, "class Meta:\n    widgets = {'on': DateInput}\n", "line 2 uses DateInput"),
    (rules.complaints_about_template, '<p style="color: red">', "style attribute"),
    (rules.complaints_about_template, "<style>p {}</style>", "<style> element"),
    (rules.complaints_about_template, '<a href="#" onclick="go()">', "event handler"),
    (rules.complaints_about_template, "<script>alert(1)</script>", "inline script"),
    (rules.complaints_about_template, '<p {% if hot %}class="x"{% endif %} style="color: red">', "style attribute"),
]

GOOD = [
    (rules.complaints_about_length, "x = 1\n" * 400),
    (rules.complaints_about_signatures, "def f(x: int) -> int:\n    return x\n"),
    (rules.complaints_about_actions, GOOD_ACTION),
    (rules.complaints_about_actions, "def _lock(customer):\n    pass\n"),
    (rules.complaints_about_writes, "cache.delete('key')\nCustomer.objects.filter(pk=1).exists()\n"),
    (rules.complaints_about_writes, "answer.update({'a': 1})\ndigest.update(content)\n"),
    (rules.complaints_about_template, '<a {% if only == "x" %}aria-current="page"{% endif %} title="{{ style }}">'),
    (rules.complaints_about_days, "on = DayField(label='Day')\nsaid_on = serializers.DateField()\n"),
    (rules.complaints_about_migrations, "core.migration_operations.AddTrigger(trigger=x)\n"),
    (rules.complaints_about_migrations, "pgtrigger.migrations.RemoveTrigger(name='frozen')\n"),
    (rules.complaints_about_hidden_imports, "import os\n\n\ndef f():\n    return os\n"),
    (rules.complaints_about_floats, "net = gross / Decimal('1.19')\n"),
    (rules.complaints_about_floats, "if isinstance(cell, float):\n    cell = Decimal(repr(cell))\n"),
    (rules.complaints_about_template, '<script type="module" src="{% static "x.js" %}"></script><p class="style">'),
]


@pytest.mark.parametrize(("rule", "source", "complaint"), BAD)
def test_a_rule_complains_about_a_breach(rule: Rule, source: str, complaint: str) -> None:
    assert complaint in "; ".join(rule(source))


@pytest.mark.parametrize(("rule", "source"), GOOD)
def test_a_rule_accepts_what_keeps_it(rule: Rule, source: str) -> None:
    assert list(rule(source)) == []


def test_the_share_of_short_functions_is_counted() -> None:
    assert rules.share_within([5, 10, 25, 26], 25) == 0.75
