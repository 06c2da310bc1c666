"""A year of a software customer and a lease that is bought out: each document, and the books at each month's end."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from controls.actions import set_up_limits
from core.models import LegalEntity, User
from customers.models import Address, Contact, Customer, PaymentTerms
from invoicing.actions import set_up_tax_rates
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.models import Amendment, Product
from ledger.actions import set_up_ledger
from tests.stories.contract_life import Billed, Life, gross_of, month_ends

pytestmark = pytest.mark.django_db
Kind = Amendment.Kind
Lived = Callable[[str], Life]


@pytest.fixture
def lived(uk: LegalEntity, system: User, clerk: User, finance_manager: User) -> Lived:
    """A customer of Brightwater UK with terms, address and somebody who receives invoices."""
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    set_up_tax_rates(by=system, entity=uk)

    def make(name: str) -> Life:
        terms = PaymentTerms.objects.create(entity=uk, code="N30", name="30 days net", net_days=30)
        customer = Customer.objects.create(entity=uk, code="C-1", name=name, currency="GBP", terms=terms)
        Address.objects.create(customer=customer, lines="1 Quay Street", city="Bristol", country="GB")
        Contact.objects.create(customer=customer, name="Ann Lee", email="ap@larch.example", receives_invoices=True)
        return Life(uk, customer, clerk, finance_manager)

    return make


def product(life: Life, code: str, name: str) -> Product:
    return Product.objects.create(entity=life.entity, code=code, name=name)


def test_a_year_of_a_software_customer(lived: Lived) -> None:
    """Ordered, 20 users added in mid-month, the price raised, renewed, ended early with a credit."""
    life = lived("Larch Software Users")
    january, first_term = date(2026, 1, 15), date(2027, 1, 14)
    users = ContractLineDraft(product(life, "SEAT", "Users"), Decimal(100), Decimal(120))
    contract = life.agree(
        ContractDraft(life.customer, january, (users,), ends_on=first_term, renews=True, indexation_percent=Decimal(3))
    )

    [order] = life.bill(january)
    assert (order.net, order.gross) == (Decimal("12000.00"), gross_of("12000.00"))
    the_order = Billed(Decimal(12000), january, first_term, january)
    life.expected.append(the_order)
    life.close_months(month_ends(january, date(2026, 6, 30)))

    life.amend(contract, AmendmentDraft(Kind.ADD, date(2026, 7, 1), position=1, quantity=Decimal(20)))
    [added] = life.bill(date(2026, 7, 1))
    assert (added.net, added.gross) == (Decimal("1301.92"), gross_of("1301.92"))
    life.expected.append(Billed(Decimal("1301.92"), date(2026, 7, 1), first_term, date(2026, 7, 1)))
    life.close_months(month_ends(date(2026, 7, 1), date(2026, 9, 30)))

    october = date(2026, 10, 1)
    [credit] = life.amend(contract, AmendmentDraft(Kind.PRICE, october, position=1, unit_price=Decimal(132)))
    assert (credit.invoice, credit.net, credit.gross) == (order, Decimal("3484.93"), gross_of("3484.93"))
    the_order.given_back_from = the_order.given_back_on = october
    [dearer] = life.bill(october)
    assert (dearer.net, dearer.gross) == (Decimal("3833.42"), gross_of("3833.42"))
    life.expected.append(Billed(Decimal("3833.42"), october, first_term, october))
    life.close_months(month_ends(october, date(2026, 12, 31)))

    renewal, second_term = date(2027, 1, 15), date(2028, 1, 14)
    assert life.amend(contract, AmendmentDraft(Kind.RENEWAL, renewal)) == []
    [renewed] = life.bill(renewal)
    assert sorted(line.net for line in renewed.lines.all()) == [Decimal("2472.00"), Decimal("13596.00")]
    assert (renewed.kind, renewed.gross) == ("renewal", gross_of("16068.00"))
    second = [Billed(Decimal(net), renewal, second_term, renewal) for net in (2472, 13596)]
    life.expected += second
    life.close_months(month_ends(renewal, date(2027, 4, 30)))

    may = date(2027, 5, 1)
    [early] = life.amend(contract, AmendmentDraft(Kind.EARLY_END, may))
    for one in second:
        one.given_back_from = one.given_back_on = may
    assert (early.invoice, early.net) == (renewed, sum(one.credited(may) for one in second))
    assert (early.net, early.gross) == (Decimal("11401.67"), gross_of("11401.67"))
    assert life.bill(date(2027, 12, 31)) == []
    life.close_months(month_ends(may, date(2027, 6, 30)))
    contract.refresh_from_db()
    assert (contract.ends_on, contract.renews) == (date(2027, 4, 30), False)
    assert sum(one.deferred(date(2027, 6, 30)) for one in life.expected) == 0


def test_a_lease_is_billed_monthly_in_advance_and_bought_out(lived: Lived) -> None:
    """500.00 on each first of the month; bought out on 16 September, so half of September goes back."""
    life = lived("Larch Lessee")
    march = date(2026, 3, 1)
    van = ContractLineDraft(product(life, "VAN", "Van"), Decimal(1), Decimal(500), cycle="monthly")
    contract = life.agree(ContractDraft(life.customer, march, (van,), kind="lease", ends_on=date(2028, 2, 29)))

    for month_end in month_ends(march, date(2026, 8, 31)):
        first = month_end.replace(day=1)
        [rent] = life.bill(first)
        assert (rent.net, rent.gross) == (Decimal("500.00"), Decimal("600.00"))
        assert [(line.service_from, line.service_until) for line in rent.lines.all()] == [(first, month_end)]
        assert life.bill(first) == []
        life.expected.append(Billed(Decimal(500), first, month_end, first))
        life.close_month(month_end)

    september, bought_on = date(2026, 9, 1), date(2026, 9, 16)
    [rent] = life.bill(september)
    last_rent = Billed(Decimal(500), september, date(2026, 9, 30), september)
    life.expected.append(last_rent)
    [credit] = life.amend(contract, AmendmentDraft(Kind.BUY_OUT, bought_on, unit_price=Decimal(8000)))
    assert (credit.invoice, credit.net, credit.gross) == (rent, Decimal("250.00"), Decimal("300.00"))
    last_rent.given_back_from = last_rent.given_back_on = bought_on
    [buy_out] = life.bill(bought_on)
    assert (buy_out.net, buy_out.gross) == (Decimal("8000.00"), Decimal("9600.00"))
    life.expected.append(Billed(Decimal(8000), bought_on, bought_on, bought_on))
    life.close_months(month_ends(september, date(2026, 11, 30)))

    assert life.bill(date(2028, 12, 31)) == []
    contract.refresh_from_db()
    assert contract.ends_on == bought_on
