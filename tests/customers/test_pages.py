"""Customers on the screen, without JavaScript."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from core.models import LegalEntity, RoleGrant, SavedView, User
from customers.actions import add_note, attach_file, set_parent
from customers.models import Customer, CustomerFile, PaymentTerms, TaxCertificate

NewCustomer = Callable[..., Customer]
SignedIn = Callable[[User], Client]
LIST_QUERIES = 15
PAGE_QUERIES = 20


def filled(terms: PaymentTerms, **changed: Any) -> dict[str, Any]:
    return {
        "name": "Beta Ltd",
        "tax_status": "standard",
        "terms": terms.pk,
        "currency": "GBP",
        "delivery": "email",
        "language": "en",
        "request_id": str(uuid4()),
        **changed,
    }


@pytest.fixture
def desk(signed_in: SignedIn, manager: User) -> Client:
    return signed_in(manager)


def test_the_list_shows_active_customers_and_counts_its_views(
    desk: Client, acme: Customer, new_customer: NewCustomer
) -> None:
    closed = new_customer("Gone Ltd")
    Customer.objects.filter(pk=closed.pk).update(status="inactive")
    new_customer("Silent Ltd")

    page = desk.get("/customers/").content.decode()
    assert "Acme Trading Ltd" in page
    assert "Silent Ltd" in page
    assert "Gone Ltd" not in page

    tabs = desk.get("/customers/").context["tabs"]
    assert [(tab.name, tab.count, tab.is_current) for tab in tabs] == [
        ("Active", 2, True),
        ("Nobody gets invoices", 1, False),
        ("Exempt without certificate", 0, False),
        ("Closed", 1, False),
        ("All", 3, False),
    ]
    assert [row.name for row in desk.get("/customers/?status=active&gap=receiver").context["rows"]] == ["Silent Ltd"]
    assert len(desk.get("/customers/?view=all").context["rows"]) == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=acme", ["Acme Trading Ltd"]),
        ("segment=Wholesale", ["Acme Trading Ltd"]),
        ("terms=NET30&sort=-name", ["Zeta Ltd", "Acme Trading Ltd"]),
        ("currency=EUR", ["Zeta Ltd"]),
        ("gap=address", ["Zeta Ltd"]),
        ("gap=limit&sort=code", ["Acme Trading Ltd", "Zeta Ltd"]),
        ("status=nonsense", ["Acme Trading Ltd", "Zeta Ltd"]),
        ("sort=nonsense", ["Acme Trading Ltd", "Zeta Ltd"]),
        ("q=%00", ["Acme Trading Ltd", "Zeta Ltd"]),
    ],
)
def test_the_list_can_be_narrowed_and_sorted(
    desk: Client, acme: Customer, new_customer: NewCustomer, query: str, names: list[str]
) -> None:
    new_customer("Zeta Ltd", currency="EUR")

    assert [row.name for row in desk.get(f"/customers/?{query}").context["rows"]] == names


def test_empty_lists_say_what_to_do(desk: Client, net_30: PaymentTerms) -> None:
    assert "Open the first one" in desk.get("/customers/").content.decode()
    assert "Clear filters" in desk.get("/customers/?q=nobody").content.decode()


def test_a_view_is_kept_and_dropped(desk: Client, acme: Customer, manager: User) -> None:
    desk.post("/customers/views/save/", {"name": "Wholesale", "query": "segment=Wholesale"})

    tab = desk.get("/customers/?segment=Wholesale").context["tabs"][-1]
    assert (tab.name, tab.count, tab.is_current) == ("Wholesale", 1, True)
    desk.post(f"/customers/views/{tab.saved.pk}/drop/")
    assert not SavedView.objects.exists()


def test_somebody_elses_view_is_not_dropped(desk: Client, acme: Customer, clerk: User, signed_in: SignedIn) -> None:
    view = SavedView.objects.create(user=clerk, page="customers:customers", name="Mine", query="", is_shared=True)

    assert "Mine" in desk.get("/customers/").content.decode()
    assert desk.post(f"/customers/views/{view.pk}/drop/").status_code == 404


def test_the_workbook_holds_the_list_as_it_is_narrowed_and_no_formula(
    desk: Client, acme: Customer, new_customer: NewCustomer
) -> None:
    new_customer('=HYPERLINK("http://x.example")', segment="=1+1", code="K-1")

    answer = desk.get("/customers/?q=K-1&format=xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()

    rows = [row for row in sheet if "K-1" in row[:1]]
    assert rows[0][1] == '=HYPERLINK("http://x.example")'
    assert all("Acme" not in str(row) for row in sheet)


def test_a_manager_opens_a_customer_with_contact_address_and_account(desk: Client, net_30: PaymentTerms) -> None:
    given = filled(
        net_30,
        credit_limit="12,500.00",
        tax_number="gb 123 4567 82",
        contact_name="Bo",
        email="bo@beta.example",
        lines="1 Quay",
        city="Hull",
        country="GB",
        iban="GB33 BUKB 2020 1555 5555 55",
    )

    answer = desk.post("/customers/new/", given)

    made = Customer.objects.get(name="Beta Ltd")
    assert answer["Location"] == f"/customers/{made.pk}/details/"
    assert (str(made.credit_limit), made.tax_number) == ("12500.000", "GB123456782")
    assert made.contacts.get().receives_invoices
    assert str(made.addresses.get()) == "1 Quay, Hull, GB"
    assert made.bank_accounts.get().iban == "GB33BUKB20201555555555"
    desk.post("/customers/new/", given)
    assert (Customer.objects.count(), made.contacts.count()) == (1, 1)


def test_a_likely_double_is_shown_and_needs_a_tick(desk: Client, acme: Customer, net_30: PaymentTerms) -> None:
    refused = desk.post("/customers/new/", filled(net_30, name="ACME Trading Limited"))
    assert refused.status_code == 422
    assert "the same name" in refused.content.decode()
    assert Customer.objects.count() == 1

    desk.post("/customers/new/", filled(net_30, name="ACME Trading Limited", accept_doubles="on"))
    assert Customer.objects.count() == 2


def test_likely_doubles_are_answered_while_typing(desk: Client, acme: Customer) -> None:
    answer = desk.get("/customers/duplicates/?name=Acme+Tradng", headers={"HX-Request": "true"}).content.decode()

    assert "Acme Trading Ltd" in answer
    assert "<html" not in answer


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"tax_number": "GB123456789"}, "is not a tax number of GB"),
        ({"tax_status": "reverse_charge"}, "Reverse charge needs it"),
        ({"currency": "ZZZ"}, "is not a currency"),
        ({"credit_limit": "-5"}, "greater than or equal to 0"),
        ({"credit_limit": "1.234,50"}, "Write an amount such as 1,234.50"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"iban": "GB00"}, "is not an IBAN"),
        ({"code": "=cmd"}, "letters, digits"),
        ({"city": "Hull", "country": ""}, "Choose the country"),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    desk: Client, net_30: PaymentTerms, changed: dict[str, str], sentence: str
) -> None:
    answer = desk.post("/customers/new/", filled(net_30, segment="Retail trade", **changed))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Retail trade" in answer.content.decode()
    assert not Customer.objects.exists()


def test_html_in_every_field_stays_text(desk: Client, net_30: PaymentTerms, manager: User) -> None:
    evil = "<img src=x onerror=alert(1)>"
    given = filled(net_30, name=evil, segment=evil, registration_number=evil, contact_name=evil, lines=evil, city=evil)
    desk.post("/customers/new/", {**given, "country": "GB"})
    made = Customer.objects.get()
    add_note(by=manager, customer=made, text=evil)
    attach_file(by=manager, customer=made, name="<b>.pdf", content=b"%PDF-1.7", note=evil)

    for address in (
        "/customers/",
        f"/customers/{made.pk}/details/",
        f"/customers/{made.pk}/change/",
        "/customers/find/?q=img",
    ):
        page = desk.get(address).content.decode()
        assert evil not in page
        assert "&lt;img src=x" in page


def test_a_customer_is_changed_and_the_history_shows_it(desk: Client, acme: Customer, net_30: PaymentTerms) -> None:
    page = desk.get(f"/customers/{acme.pk}/change/").content.decode()
    assert 'name="version" value="1"' in page

    desk.post(f"/customers/{acme.pk}/change/", filled(net_30, name="Acme Group Ltd", version=1))
    late = desk.post(f"/customers/{acme.pk}/change/", filled(net_30, name="Acme Late Ltd", version=1))

    assert late.status_code == 422
    assert "changed by somebody else" in late.content.decode()
    details = desk.get(f"/customers/{acme.pk}/details/").content.decode()
    assert "Customer changed" in details
    assert "<del>Acme Trading Ltd</del>" in details


def test_what_belongs_to_a_customer_is_kept_from_its_page(desk: Client, acme: Customer) -> None:
    base = f"/customers/{acme.pk}"
    contact = acme.contacts.get()
    pdf = SimpleUploadedFile("exempt.pdf", b"%PDF-1.7 x")
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"{base}/contacts/new/", {"name": "Cy", "role": "payments"}),
        (f"/contacts/{contact.pk}/", {"name": "Pat Jones", "role": "billing", "email": "new@acme.example"}),
        (f"{base}/addresses/new/", {"kind": "shipping", "city": "York", "country": "GB"}),
        (f"{base}/bank-accounts/new/", {"bank_code": "20-15-55", "account_number": "55555555", "kind": "checking"}),
        (f"{base}/certificates/new/", {"number": "E1", "jurisdiction": "GB", "valid_from": "2026-01-01", "scan": pdf}),
        (f"{base}/files/new/", {"file": SimpleUploadedFile("order.txt", b"Order 7"), "kind": "purchase_order"}),
        (f"{base}/notes/new/", {"text": "Calls back on Monday."}),
    ]
    for address, given in steps:
        answer = desk.post(address, given)
        assert (answer.status_code, answer["Location"]) == (302, f"{base}/details/"), address

    page = desk.get(f"{base}/details/").content.decode()
    for words in ("Cy", "new@acme.example", "York", "…5555", "GB E1", "order.txt", "Calls back on Monday."):
        assert words in page
    assert CustomerFile.objects.count() == 2
    assert TaxCertificate.objects.get().file is not None
    desk.post(f"/contacts/{contact.pk}/end/")
    assert desk.get(f"/contacts/{contact.pk}/").status_code == 404


def test_a_customer_is_closed_and_reopened(desk: Client, acme: Customer) -> None:
    assert desk.post(f"/customers/{acme.pk}/deactivate/", {"reason": ""}).status_code == 422
    desk.post(f"/customers/{acme.pk}/deactivate/", {"reason": "No orders for years."})
    assert "Reopen" in desk.get(f"/customers/{acme.pk}/details/").content.decode()
    desk.post(f"/customers/{acme.pk}/reactivate/")
    acme.refresh_from_db()
    assert acme.is_active


def test_a_group_is_made_by_code_or_by_choice(desk: Client, acme: Customer, new_customer: NewCustomer) -> None:
    child = new_customer("Child Ltd")

    desk.post(f"/customers/{child.pk}/parent/", {"parent": f"{acme.code} · {acme.name}"})
    circle = desk.post(f"/customers/{acme.pk}/parent/", {"parent": child.code})

    assert Customer.objects.get(pk=child.pk).parent == acme
    assert "go in a circle" in circle.content.decode()
    assert "Child Ltd" in desk.get(f"/customers/{acme.pk}/details/").content.decode()
    assert "There is no “NOPE” here" in desk.post(f"/customers/{child.pk}/parent/", {"parent": "NOPE"}).content.decode()


def test_a_parent_of_another_company_stays_hidden(
    desk: Client, signed_in: SignedIn, acme: Customer, foreign: Customer, system: User, clerk: User
) -> None:
    set_parent(by=system, customer=acme, parent=foreign)

    page = desk.get(f"/customers/{acme.pk}/details/").content.decode()

    assert "Nordsee" not in page.replace("Parent set", "").split("History")[0]
    assert "a customer of another company" in page


def test_the_page_turns_to_the_customers_company(
    signed_in: SignedIn, manager: User, foreign: Customer, acme: Customer, de: LegalEntity, system: User
) -> None:
    RoleGrant.objects.create(user=manager, entity=de, role="auditor", granted_by=system)
    desk = signed_in(manager)
    desk.get("/customers/?entity=UK")

    answer = desk.get(f"/customers/{foreign.pk}/details/")

    assert answer.context["page"].entity == de
    assert "/change/" not in answer.content.decode()
    assert desk.get(f"/customers/{foreign.pk}/change/").status_code == 403


def test_who_may_not_change_sees_no_buttons(signed_in: SignedIn, auditor: User, acme: Customer) -> None:
    desk = signed_in(auditor)

    page = desk.get(f"/customers/{acme.pk}/details/").content.decode()
    assert "/change/" not in page
    assert '<button class="btn" type="submit">Leave' not in page
    for address in ("/customers/new/", f"/customers/{acme.pk}/contacts/new/", "/customers/import/", "/terms/new/"):
        assert desk.get(address).status_code == 403, address


def test_terms_are_kept(desk: Client, uk: LegalEntity) -> None:
    given = {
        "code": "N14",
        "name": "14 days",
        "net_days": 14,
        "discount_percent": 0,
        "discount_days": 0,
        "is_active": "on",
    }
    desk.post("/terms/new/", given)
    terms = PaymentTerms.objects.get()
    desk.post(f"/terms/{terms.pk}/", {**given, "code": "HACK", "name": "14 days net"})

    terms.refresh_from_db()
    assert (terms.code, terms.name) == ("N14", "14 days net")
    assert "14 days net" in desk.get("/terms/").content.decode()


def test_the_list_asks_few_questions_however_long_it_is(
    desk: Client, acme: Customer, new_customer: NewCustomer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        new_customer(f"Customer {number}")
    SavedView.objects.create(user=User.objects.get(name="Maya"), page="customers:customers", name="A", query="q=a")

    with django_assert_max_num_queries(LIST_QUERIES):
        assert len(desk.get("/customers/?q=c").context["rows"]) == 50


def test_the_details_ask_few_questions_however_much_there_is(
    desk: Client,
    acme: Customer,
    new_customer: NewCustomer,
    manager: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        set_parent(by=manager, customer=new_customer(f"Child {number}"), parent=acme)
        add_note(by=manager, customer=acme, text=f"Note {number}")
        attach_file(by=manager, customer=acme, name=f"{number}.txt", content=f"{number}".encode())

    with django_assert_max_num_queries(PAGE_QUERIES):
        assert desk.get(f"/customers/{acme.pk}/details/").status_code == 200
