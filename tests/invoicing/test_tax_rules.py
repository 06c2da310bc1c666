"""Tax rules: the most exact one decides, a missing one is a sentence, and certificates count where goods go."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Address, Customer
from invoicing.actions import add_tax_rule, end_tax_rule, set_up_tax_rates, set_up_tax_rules
from invoicing.actions.errors import RateRefused
from invoicing.models import TaxRate, TaxRule
from invoicing.queries.taxing import tax_rate_for, tax_table
from invoicing.taxing import TaxUnclear

pytestmark = pytest.mark.django_db
Made = Callable[..., Customer]
TODAY = date(2026, 5, 4)
Charged = Callable[..., str]


@pytest.fixture
def ruled(books: LegalEntity, system: User) -> LegalEntity:
    """Brightwater with the rates and rules of the United Kingdom."""
    set_up_tax_rates(by=system, entity=books)
    set_up_tax_rules(by=system, entity=books)
    return books


@pytest.fixture
def charged(ruled: LegalEntity) -> Charged:
    """The code of the rate of a sale: charged(acme, "reduced")."""
    return lambda customer, sold="standard": (
        tax_rate_for(entity=ruled, customer=customer, tax_class=sold, on=TODAY).code
    )


def abroad(customer: Customer, country: str, region: str = "", kind: str = "billing") -> Customer:
    Address.objects.filter(customer=customer, kind=kind).update(is_active=False)
    Address.objects.create(customer=customer, kind=kind, lines="1 Rue", city="X", country=country, region=region)
    return customer


def rule(entity: LegalEntity, **facts: object) -> TaxRule:
    known = {"place": "GB", "tax_status": "standard", "tax_class": "reduced", "rate_code": "Z"}
    return TaxRule(entity=entity, **{**known, "valid_from": date(2026, 4, 1), **facts})


# It works ------------------------------------------------------------------------------------------------------------


def test_at_home_the_class_of_the_product_decides(customer: Made, charged: Charged) -> None:
    acme = customer("Acme")

    assert [charged(acme, sold) for sold in ("standard", "reduced", "zero", "exempt")] == ["S20", "S5", "Z", "E"]


@pytest.mark.parametrize(
    ("country", "status", "code"),
    [("FR", "reverse_charge", "AE"), ("GB", "reverse_charge", "AE"), ("US", "export", "G"), ("FR", "export", "G")],
)
def test_abroad_the_tax_status_decides(customer: Made, charged: Charged, country: str, status: str, code: str) -> None:
    assert charged(abroad(customer("Acme", tax_status=status), country)) == code


def test_where_no_rule_fits_the_refusal_names_customer_and_country(customer: Made, charged: Charged) -> None:
    acme = abroad(customer("Acme"), "FR")

    with pytest.raises(TaxUnclear, match=r"Acme .*“standard rates” in FR: no tax rule"):
        charged(acme)


def test_a_company_in_the_eu_charges_consumers_of_other_members_its_own_rate(de: LegalEntity, system: User) -> None:
    set_up_tax_rates(by=system, entity=de)
    set_up_tax_rules(by=system, entity=de)

    rules = TaxRule.objects.filter(entity=de, place="EU", tax_status="standard")
    assert {(rule.tax_class, rule.rate_code) for rule in rules} >= {("standard", "S19"), ("reduced", "S7")}


def test_a_states_own_rule_comes_before_its_countrys(
    customer: Made, charged: Charged, ruled: LegalEntity, finance_manager: User
) -> None:
    acme = abroad(customer("Acme"), "US", "NY")
    for place, code in (("US", "Z"), ("US-NY", "O")):
        add_tax_rule(by=finance_manager, rule=rule(ruled, place=place, tax_class="", rate_code=code))

    assert charged(acme) == "O"
    assert charged(abroad(acme, "US", "TX")) == "Z"


def test_an_exemption_holds_where_the_goods_go(
    customer: Made, charged: Charged, ruled: LegalEntity, clerk: User
) -> None:
    acme = abroad(customer("Acme", tax_status="exempt"), "US", "NY")
    acme.tax_certificates.create(number="X", jurisdiction="US-NY", valid_from=date(2026, 1, 1), recorded_by=clerk)

    assert charged(acme) == "E"
    abroad(acme, "US", "TX", kind="shipping")
    with pytest.raises(TaxUnclear, match="no exemption certificate for US-TX that holds on 04 May 2026"):
        charged(acme)


def test_an_expired_certificate_exempts_nobody(customer: Made, charged: Charged, clerk: User) -> None:
    acme = customer("Acme", tax_status="exempt")
    facts = {"valid_from": date(2025, 1, 1), "valid_until": date(2026, 5, 3), "recorded_by": clerk}
    acme.tax_certificates.create(number="X", jurisdiction="GB", **facts)

    with pytest.raises(TaxUnclear, match="no exemption certificate for GB"):
        charged(acme)


def test_a_new_rule_ends_the_old_one_the_day_before(customer: Made, ruled: LegalEntity, finance_manager: User) -> None:
    acme = customer("Acme")
    made = add_tax_rule(by=finance_manager, rule=rule(ruled))

    before, after = (
        tax_rate_for(entity=ruled, customer=acme, tax_class="reduced", on=day).code
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    )
    assert (before, after) == ("S5", "Z")
    assert AuditEvent.objects.filter(object_id=str(made.pk), event="tax_rule.added").exists()


def test_a_company_without_rules_goes_by_its_rates(customer: Made, books: LegalEntity, standard: TaxRate) -> None:
    found = tax_rate_for(entity=books, customer=customer("Acme"), tax_class="standard", on=TODAY)

    assert found == standard


def test_many_customers_are_asked_about_at_once(
    customer: Made, ruled: LegalEntity, django_assert_max_num_queries: Callable[..., object]
) -> None:
    buyers = [customer(f"{number} Hotels") for number in range(5)]

    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        table = tax_table(ruled, buyers, TODAY)
        assert {table.rate_for(buyer, "standard").code for buyer in buyers} == {"S20"}


# It is refused -------------------------------------------------------------------------------------------------------


def test_a_rule_needs_a_rate_that_there_is(ruled: LegalEntity, finance_manager: User) -> None:
    with pytest.raises(RateRefused, match="no tax rate “S99”"):
        add_tax_rule(by=finance_manager, rule=rule(ruled, rate_code="S99"))


def test_two_rules_for_the_same_day_are_refused(ruled: LegalEntity, finance_manager: User) -> None:
    add_tax_rule(by=finance_manager, rule=rule(ruled))

    with pytest.raises(RateRefused, match="Another rule holds"):
        add_tax_rule(by=finance_manager, rule=rule(ruled, valid_from=date(2026, 3, 1)))


def test_a_rule_ends_after_it_begins(ruled: LegalEntity, finance_manager: User) -> None:
    made = add_tax_rule(by=finance_manager, rule=rule(ruled))

    with pytest.raises(RateRefused, match="can't end on 31 Mar 2026"):
        end_tax_rule(by=finance_manager, rule=made, valid_until=date(2026, 3, 31))


def test_a_rule_is_not_lengthened_into_the_days_of_the_next(ruled: LegalEntity, finance_manager: User) -> None:
    first = add_tax_rule(by=finance_manager, rule=rule(ruled))
    add_tax_rule(by=finance_manager, rule=rule(ruled, rate_code="S5", valid_from=date(2026, 7, 1)))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 6, 30)

    with pytest.raises(RateRefused, match="Another rule holds"):
        end_tax_rule(by=finance_manager, rule=first, valid_until=date(2026, 7, 1))

    first.refresh_from_db()
    assert first.valid_until == date(2026, 6, 30)


def test_setting_up_twice_adds_nothing(ruled: LegalEntity, system: User) -> None:
    assert set_up_tax_rules(by=system, entity=ruled) == []


def test_who_bills_does_not_set_rules(ruled: LegalEntity, clerk: User, stranger: User) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            add_tax_rule(by=person, rule=rule(ruled))


# On screen -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_rules_and_takes_a_new_one(
    client: Client, ruled: LegalEntity, finance_manager: User
) -> None:
    client.force_login(finance_manager)
    facts = {"place": "us-ny", "tax_status": "standard", "tax_class": "", "rate_code": "Z", "valid_from": "2026-05-01"}

    done = client.post("/tax-rules/", {**facts, "note": "Services"}, follow=True)

    assert done.status_code == 200
    assert "US-NY" in done.content.decode()
    made = TaxRule.objects.get(place="US-NY")
    client.post(f"/tax-rules/{made.pk}/end/", {"valid_until": "2026-06-30"})
    made.refresh_from_db()
    assert made.valid_until == date(2026, 6, 30)


def test_a_draft_begins_with_the_customers_rate_and_is_told_of_another(
    client: Client, ruled: LegalEntity, customer: Made, clerk: User
) -> None:
    acme = abroad(customer("Acme", tax_status="export"), "US")
    client.force_login(clerk)
    export = TaxRate.objects.get(entity=ruled, code="G")
    other = TaxRate.objects.get(entity=ruled, code="S20", valid_until=None)

    page = client.get("/invoices/new/", {"customer": acme.code}).content.decode()
    lines = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "A",
        "lines-0-unit_price": "5",
    }
    told = client.post(
        "/invoices/new/totals/",
        {**lines, "customer": acme.code, "kind": "order", "lines-0-unit_price": "5", "lines-0-tax_rate": other.pk},
    ).content.decode()

    assert f'value="{export.pk}" selected' in page
    assert "is charged “Export”" in told
