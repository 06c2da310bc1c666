"""Files of orders, amendments and usage: read, previewed, and brought in row by row, each once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, Run, RunError, User
from core.xlsx import Cell, Column, Sheet, workbook_bytes
from customers.models import Customer
from invoicing.actions import choose_intake_columns, save_intake_mapping, start_bringing_in, upload_contracts
from invoicing.actions.errors import IntakeRefused
from invoicing.contract_drafts import ContractLineDraft
from invoicing.intake.reading import preview_of
from invoicing.models import Contract, ContractIntake, IntakeMapping, Product, UsageReading
from invoicing.tasks import bring_in_contracts
from tests.invoicing.contracts.conftest import Agreed, shape_of

Kind = ContractIntake.Kind
ORDERS = """Order id,Customer code,Product code,Qty,Unit price,Start date,End date,Billing cycle,Auto renew
SO-1,C-ACME HOT,SEAT,20,120.00,15/01/2026,14/01/2027,annual,yes
SO-1,C-ACME HOT,SEAT-P,2,"1,200.50",15/01/2026,14/01/2027,monthly,yes
SO-2,C-ACME HOT,SEAT,3,,2026-02-01,,,
SO-3,C-NOBODY,SEAT,three,1,2026-02-30,,,
"""
Uploaded = Callable[..., ContractIntake]


@pytest.fixture
def uploaded(clerk: User, books: LegalEntity) -> Uploaded:
    """Nora uploads a file and leaves its columns as they were guessed."""

    def take_in(kind: str, text: str | bytes, *, activates: bool = False) -> ContractIntake:
        content = text.encode() if isinstance(text, str) else text
        intake = upload_contracts(by=clerk, entity=books, kind=kind, name=f"{kind}.csv", content=content)
        return choose_intake_columns(
            by=clerk, intake=intake, columns=intake.columns, decimal_sign=".", activates=activates
        )

    return take_in


def carried_in(clerk: User, intake: ContractIntake) -> Run:
    run = start_bringing_in(by=clerk, intake=intake)
    bring_in_contracts(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.usefixtures("acme", "seats", "premium")
def test_the_preview_reads_every_row_and_gathers_what_is_wrong(uploaded: Uploaded) -> None:
    preview = preview_of(uploaded(Kind.ORDERS, ORDERS))

    assert (len(preview.rows), preview.wrong, len(preview.right)) == (4, 1, 2)
    wrong = preview.rows[-1]
    assert set(wrong.errors) == {
        "Customer: there is no customer C-NOBODY.",
        "Quantity: “three” is not a number.",
        "Starts: “2026-02-30” is no day of the calendar.",
    }


@pytest.mark.usefixtures("acme", "seats", "premium")
def test_orders_become_contracts_each_once(clerk: User, uploaded: Uploaded) -> None:
    run = carried_in(clerk, uploaded(Kind.ORDERS, ORDERS, activates=True))

    first, second = Contract.objects.order_by("pk")
    assert (run.state, run.result, run.failed) == (Run.State.DONE, {"brought_in": 2}, 1)
    assert (first.source_id, first.renews, first.is_active, first.kind) == ("SO-1", True, True, "subscription")
    assert shape_of(first) == [
        (1, Decimal(20), Decimal(120), date(2026, 1, 15), date(2027, 1, 14)),
        (2, Decimal(2), Decimal("1200.5"), date(2026, 1, 15), date(2027, 1, 14)),
    ]
    assert (second.kind, second.lines.get().cycle, second.lines.get().unit_price) == ("order", "fixed", Decimal(120))
    assert "SO-3, row 5" in RunError.objects.get().label

    carried_in(clerk, uploaded(Kind.ORDERS, ORDERS, activates=True))
    assert Contract.objects.count() == 2


@pytest.mark.usefixtures("acme", "seats", "premium")
def test_an_order_that_changed_is_refused_and_stops_no_other(clerk: User, uploaded: Uploaded) -> None:
    carried_in(clerk, uploaded(Kind.ORDERS, ORDERS))

    run = carried_in(clerk, uploaded(Kind.ORDERS, ORDERS.replace("SEAT,20", "SEAT,21")))

    assert run.result == {"brought_in": 1}
    assert "SO-1 made Contract" in RunError.objects.filter(run=run).order_by("pk")[0].message


def test_amendments_and_renewals_come_from_a_workbook(clerk: User, agreed: Agreed, uploaded: Uploaded) -> None:
    contract = agreed(indexation_percent=Decimal(10))
    rows: list[list[Cell]] = [
        ["A-1", contract.number, "added users", date(2026, 7, 1), 1, Decimal(5)],
        ["A-2", contract.number, "renewal", None, None, None],
        ["A-2", contract.number, "renewal", None, None, None],
        ["A-3", contract.number, "cancellation", date(2030, 1, 1), None, None],
    ]
    columns = [Column(name) for name in ("Change id", "Contract", "Type", "Effective date", "Line", "Users")]

    run = carried_in(clerk, uploaded(Kind.AMENDMENTS, workbook_bytes([Sheet("Changes", columns, rows)])))

    assert run.result == {"brought_in": 2}
    assert [row[1:3] for row in shape_of(contract)] == [
        (Decimal(20), Decimal(120)),
        (Decimal(5), Decimal(120)),
        (Decimal(20), Decimal(132)),
        (Decimal(5), Decimal(132)),
    ]
    told = " ".join(RunError.objects.values_list("message", flat=True))
    assert "The id A-2 stands in row 3 already" in told
    assert "nothing can change from 01 Jan 2030" in told


def test_usage_comes_in_by_file(clerk: User, agreed: Agreed, calls: Product, uploaded: Uploaded) -> None:
    from_file = "Event id,Contract,Date,Units\nE-1,{0},31.01.2026,1200\nE-2,{0},2026-02-01,-3\n"
    contract = agreed(ContractLineDraft(calls, unit_price=Decimal("0.05"), cycle="usage", timing="arrears"))

    run = carried_in(clerk, uploaded(Kind.USAGE, from_file.format(contract.number)))

    assert run.result == {"brought_in": 2}
    assert list(UsageReading.objects.values_list("source_id", "quantity")) == [
        ("E-1", Decimal(1200)),
        ("E-2", Decimal(-3)),
    ]


def test_columns_are_kept_for_the_next_file(clerk: User, uploaded: Uploaded) -> None:
    intake = uploaded(Kind.ORDERS, ORDERS)

    save_intake_mapping(by=clerk, intake=intake, name="Shop")
    save_intake_mapping(by=clerk, intake=intake, name="Shop")

    assert IntakeMapping.objects.get().columns["Qty"] == "quantity"
    with pytest.raises(IntakeRefused, match="Choose the columns that hold: Customer"):
        choose_intake_columns(
            by=clerk, intake=intake, columns={"Order id": "source_id", "Qty": "product", "Start date": "starts_on"},
            decimal_sign=".", activates=False,
        )  # fmt: skip


def test_a_file_without_a_right_row_starts_no_run(clerk: User, uploaded: Uploaded) -> None:
    with pytest.raises(IntakeRefused, match="No row of orders.csv can come in"):
        start_bringing_in(by=clerk, intake=uploaded(Kind.ORDERS, ORDERS))


def test_who_may_not(collector: User, books: LegalEntity, acme: Customer) -> None:
    with pytest.raises(NotAllowed):
        upload_contracts(by=collector, entity=books, kind=Kind.ORDERS, name="a.csv", content=ORDERS.encode())


@pytest.mark.usefixtures("acme", "seats", "premium")
def test_who_chose_which_columns_stands_in_the_audit_trail(uploaded: Uploaded, clerk: User) -> None:
    intake = uploaded(Kind.ORDERS, ORDERS, activates=True)

    event = AuditEvent.objects.get(event="intake.columns_chosen")

    assert (event.by, event.object_id) == (clerk, str(intake.pk))
    assert event.before and event.after
    assert (event.before["activates"], event.after["activates"]) == (False, True)
    assert event.after["columns"] == intake.columns
