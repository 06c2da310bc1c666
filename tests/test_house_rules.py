"""The house rules of docs/architecture.md, held by the machine. What they complain about: tests/house/rules.py."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import rules

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [ROOT / room for room in settings.ROOMS]
CODE = [
    path
    for folder in [ROOT / "o2c", *ROOMS]
    for path in sorted(folder.rglob("*.py"))
    if "migrations" not in path.relative_to(ROOT).parts
]
MIGRATIONS = [path for room in ROOMS for path in sorted((room / "migrations").glob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WAYS_IN = {"views", "api", "tasks", "forms", "admin", "queries", "management"}
MONEY_PATH = ["core/money.py", "core/fields.py", "core/rates.py", "ledger", "invoicing", "cashapp", "refunds"]
LIKENESS_OF_NAMES = "cashapp/matching/names.py"
GLOSSARY = """
    Customer PaymentTerms net_days discount_percent discount_days credit_limit
    Invoice InvoiceLine issue_invoice CreditNote issue_credit_note cancel_invoice number issued_on
    posted_on recorded_at due_on as_of RECEIVABLES JournalEntry JournalLine debit credit reverses reversed_by
    AccountingPeriod close_period OpenItem DEBIT CREDIT open_amount customer_balance Allocation allocate
    Receipt post_receipt apply_receipt unapply_receipt UNIDENTIFIED_RECEIPTS identify_receipt return_receipt
    BankStatement BankStatementLine MatchRule MatchProposal Deduction DeductionReason
    DISCOUNTS_ALLOWED BAD_DEBT ageing AgeingBucket overdue days_overdue CustomerStatement days_sales_outstanding
""".split()


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def modules(name: str) -> list[Path]:
    """The modules of this name in every room, cut into a package or not."""
    return [path for path in CODE if path.relative_to(ROOT).with_suffix("").parts[1] == name]


def breaches(paths: list[Path], rule: Callable[[str], Iterator[str]]) -> list[str]:
    return [f"{named(path)}: {complaint}" for path in paths for complaint in rule(path.read_text())]


def refuse(complaints: list[str]) -> None:
    assert not complaints, "\n" + "\n".join(complaints)


def test_files_and_functions_fit_a_screen() -> None:
    refuse(breaches(CODE, rules.complaints_about_length))


def test_nine_functions_of_ten_are_short() -> None:
    lengths = [rules.length_of(function) for path in CODE for function in rules.functions_of(path.read_text())]
    assert rules.share_within(lengths, rules.USUAL_FUNCTION) >= 0.9


def test_every_function_says_what_it_returns() -> None:
    refuse(breaches(CODE, rules.complaints_about_signatures))


def test_every_action_is_atomic_and_says_who_acts() -> None:
    refuse(breaches(modules("actions"), rules.complaints_about_actions))


def test_ways_in_and_questions_write_nothing() -> None:
    paths = sorted({path for name in WAYS_IN for path in modules(name)})
    refuse(breaches(paths, rules.complaints_about_writes))


def test_imports_stand_at_the_top() -> None:
    refuse(breaches(CODE, rules.complaints_about_hidden_imports))


def test_triggers_are_set_up_by_our_own_step() -> None:
    refuse(breaches(MIGRATIONS, rules.complaints_about_migrations))


def test_days_that_people_type_are_days_of_this_world() -> None:
    forms = [path for path in CODE if {"forms", "views"} & set(path.relative_to(ROOT).with_suffix("").parts)]
    refuse(breaches([path for path in forms if named(path) != "core/forms.py"], rules.complaints_about_days))


def test_nothing_happens_by_signal() -> None:
    assert [named(path) for path in CODE if path.stem == "signals" or "import receiver" in path.read_text()] == []


def test_no_float_is_on_a_money_path() -> None:
    paths = [path for path in CODE if named(path).startswith(tuple(MONEY_PATH)) and named(path) != LIKENESS_OF_NAMES]
    refuse(breaches(paths, rules.complaints_about_floats))


@pytest.mark.skipif(not TEMPLATES, reason="There are no templates.")
def test_templates_hold_no_style_and_no_script() -> None:
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    refuse(breaches(pages, rules.complaints_about_template))


def test_the_code_speaks_the_glossary() -> None:
    refuse(sorted(set(GLOSSARY) - rules.names_in(CODE)))


def test_the_floors_name_every_room() -> None:
    """import-linter holds the floors; a room that it does not know would stand outside them."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = next(contract for contract in linter["contracts"] if contract["type"] == "layers")["layers"]
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert rooms == set(settings.ROOMS)
    assert rooms | {"o2c"} == set(re.findall(r"\w+", " ".join(floors))) == set(linter["root_packages"])


def test_reporting_is_kept_from_the_actions_of_every_room_below_it() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    kept_from = next(contract for contract in linter["contracts"] if contract["type"] == "forbidden")[
        "forbidden_modules"
    ]
    below = set(settings.ROOMS) - {"reporting", "integrations"}
    assert set(kept_from) == {f"{path.relative_to(ROOT).parts[0]}.actions" for path in modules("actions")} & {
        f"{room}.actions" for room in below
    }


def test_the_readme_maps_every_room() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [room for room in settings.ROOMS if f"`{room}/`" not in readme] == []
