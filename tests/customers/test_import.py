"""Customers from somebody's file: columns, preview, and all rows or none."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, Run, User
from core.xlsx import Column, Sheet, workbook_bytes
from customers.actions import import_customers, import_upload, upload_customers
from customers.checks import CodeTaken, InvalidData
from customers.drafts import AddressDraft, ContactDraft, CustomerDraft
from customers.importing.columns import guess_columns
from customers.models import Customer, CustomerImport, ImportMapping, PaymentTerms
from tests.shared import shared_path

SignedIn = Callable[[User], Client]
CSV = """Code,Company Name,Email,Terms,Credit limit,VAT number,Country,Parent
A-1,Alpha Ltd,ap@alpha.example,NET30,"12,000.00",GB123456782,United Kingdom,
A-2,Beta & Söhne GmbH,"a@b.example; c@b.example",45,,DE136695976,Deutschland,A-1
"""


@pytest.fixture
def desk(signed_in: SignedIn, manager: User) -> Client:
    return signed_in(manager)


def send(desk: Client, content: str | bytes, name: str = "customers.csv", **more: Any) -> CustomerImport:
    raw = content.encode() if isinstance(content, str) else content
    answer = desk.post("/customers/import/", {"file": SimpleUploadedFile(name, raw), **more})
    assert answer.status_code == 302, answer.content.decode()
    return CustomerImport.objects.latest("pk")


def choose(desk: Client, taken: CustomerImport, terms: PaymentTerms, **changed: Any) -> Any:
    page = desk.get(f"/customers/import/{taken.pk}/columns/")
    given = {field.name: field.value() for field in page.context["form"].column_fields()}
    given |= {"default_terms": terms.pk, "decimal_sign": ".", "save_as": "", **changed}
    return desk.post(f"/customers/import/{taken.pk}/columns/", given, follow=True)


def carry_in(desk: Client, taken: CustomerImport) -> Any:
    return desk.post(f"/customers/import/{taken.pk}/carry-in/", {"rows": "2"}, follow=True)


def test_a_file_becomes_customers_through_columns_and_preview(desk: Client, net_30: PaymentTerms) -> None:
    taken = send(desk, CSV)
    preview = choose(desk, taken, net_30).content.decode()
    assert "Every row is right" in preview
    assert "Plain terms of 45 days are agreed" in preview
    assert not Customer.objects.exists()

    carry_in(desk, taken)

    alpha, beta = Customer.objects.order_by("code")
    assert (alpha.credit_limit, alpha.terms, alpha.tax_number) == (Decimal(12_000), net_30, "GB123456782")
    assert (beta.terms.net_days, beta.parent, beta.currency) == (45, alpha, "GBP")
    assert [contact.email for contact in beta.contacts.all()] == ["a@b.example", "c@b.example"]
    assert beta.addresses.get().country == "DE"
    assert AuditEvent.objects.filter(event="customer.created").count() == 2
    assert AuditEvent.objects.get(event="customers.imported").after == {"customers": 2}
    run = Run.objects.get(kind="import_customers")
    assert (run.state, run.done, run.total, run.result) == (Run.State.DONE, 2, 2, {"customers": 2})


def test_a_file_comes_in_once_however_often_the_button_is_pressed(desk: Client, net_30: PaymentTerms) -> None:
    taken = send(desk, CSV)
    choose(desk, taken, net_30)

    carry_in(desk, taken)
    carry_in(desk, taken)

    assert Customer.objects.count() == 2
    assert Run.objects.count() == 1
    assert "This file was imported" in desk.get(f"/customers/import/{taken.pk}/").content.decode()


def test_one_wrong_row_keeps_all_out_and_every_row_says_why(desk: Client, net_30: PaymentTerms, acme: Customer) -> None:
    taken = send(
        desk,
        "Code,Name,Email,Terms,Credit limit,VAT,Country,Currency,IBAN,Parent,Tax status\n"
        "B-1,Fine Ltd,a@b.example,30,5,,GB,GBP,,,\n"
        ",,,,,,,,,,export\n"
        "B-1,Twice Ltd,,,,,,,,,\n"
        f"{acme.code},Taken Ltd,,,,,,,,,\n"
        "B-4,Bad Ltd,nobody,NET99999,-5,GB123456789,Atlantis,QQQ,GB00,,\n"
        "=cmd,Formula Ltd,,,,,,,,NOBODY,maybe\n"
        "B-6,Reverse Ltd,,,,,,,,B-7,reverse charge\n"
        "B-7,Circle Ltd,,,,,,,,B-6,\n",
    )
    choose(desk, taken, net_30)
    rows = {row.number: row.errors for row in desk.get(f"/customers/import/{taken.pk}/?show=all").context["rows"]}

    assert rows[2] == []
    assert rows[3] == ["Name: it is missing."]
    assert rows[4] == ["Code: B-1 stands in row 2 already."]
    assert rows[5] == [f"Code: a customer {acme.code} exists already."]
    assert [error.partition(":")[0] for error in rows[6]] == [
        "Payment terms", "Currency", "Credit limit", "Tax number", "E-mail", "Country", "IBAN",
    ]  # fmt: skip
    assert [error.partition(":")[0] for error in rows[7]] == ["Code", "Tax status", "Parent’s code"]
    assert [error.partition(":")[0] for error in rows[8]] == ["Tax number", "Parent’s code"]
    assert rows[9] == ["Parent’s code: the group would go in a circle."]

    refused = carry_in(desk, taken)
    assert Run.objects.get().state == Run.State.FAILED
    assert "7 of 8 rows in customers.csv are wrong, so nothing was imported" in refused.content.decode()
    assert Customer.objects.get() == acme


def test_likely_doubles_are_shown_and_stop_nothing(desk: Client, net_30: PaymentTerms, acme: Customer) -> None:
    taken = send(desk, "Name,VAT\nACME Trading Limited,\nOther,GB123456782\n")
    choose(desk, taken, net_30)

    rows = desk.get(f"/customers/import/{taken.pk}/?show=doubtful").context["rows"]
    assert [row.warnings for row in rows] == [
        ["The same name as Acme Trading Ltd (C-00001)."],
        ["The same tax number as Acme Trading Ltd (C-00001)."],
    ]
    carry_in(desk, taken)
    assert Customer.objects.count() == 3


def test_columns_are_kept_under_a_name_for_the_next_file(desk: Client, net_30: PaymentTerms) -> None:
    taken = send(desk, "Firmenbez;Limit\nAlpha;1.000,50\n")
    page = choose(desk, taken, net_30, column_0="name", column_1="credit_limit", decimal_sign=",", save_as="Old ERP")
    assert "Every row is right" in page.content.decode()
    mapping = ImportMapping.objects.get()

    answer = desk.post(
        "/customers/import/",
        {"file": SimpleUploadedFile("b.csv", b"Firmenbez;Limit\nBeta;7\n"), "mapping": mapping.pk},
    )
    form = desk.get(answer["Location"]).context["form"]
    assert [field.value() for field in form.column_fields()] == ["name", "credit_limit"]
    assert form["decimal_sign"].value() == ","
    assert desk.get(answer["Location"].replace(f"={mapping.pk}", "=x")).status_code == 200


def test_a_mapping_without_a_name_or_with_one_twice_is_refused(desk: Client, net_30: PaymentTerms) -> None:
    taken = send(desk, "Name,Other\nAlpha,x\n")

    assert "Choose the column that holds" in choose(desk, taken, net_30, column_0="").content.decode()
    assert "Two columns hold the same: name" in choose(desk, taken, net_30, column_1="name").content.decode()


def test_formula_like_text_stays_text(desk: Client, net_30: PaymentTerms) -> None:
    evil = '=HYPERLINK("http://x.example","<b>x</b>")'
    sheet = Sheet("S", [Column("Name"), Column("Note")], [[evil, "@SUM(A1)"]])
    taken = send(desk, workbook_bytes([sheet]), "customers.xlsx")
    page = choose(desk, taken, net_30).content.decode()
    assert "<b>x</b>" not in page

    carry_in(desk, taken)

    assert Customer.objects.get().name == evil


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("customers.csv", b"PK\x03\x04rest", "damaged workbook"),
        ("customers.csv", b"", "is empty"),
        ("customers.csv", b"Name\xff\x81\n", "no text in UTF-8"),
        ("customers.csv", b"Name,Code\n", "holds no rows"),
        ("customers.xlsx", b"%PDF-1.7 \x00", "no text in UTF-8"),
        ("customers.csv", b"x" * (15 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_the_door(
    desk: Client, net_30: PaymentTerms, name: str, content: bytes, sentence: str
) -> None:
    answer = desk.post("/customers/import/", {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CustomerImport.objects.exists()


def test_the_files_of_other_programs_find_their_columns() -> None:
    wave = "customer_name,email,contact_first_name,customer_currency,phone,country,province/state,address_line_1,city"
    assert guess_columns(wave.split(",")) == {
        "customer_name": "name",
        "email": "email",
        "contact_first_name": "first_name",
        "customer_currency": "currency",
        "phone": "phone",
        "country": "country",
        "province/state": "region",
        "address_line_1": "address_1",
        "city": "city",
    }


@pytest.mark.parametrize(
    ("file", "right"),
    [
        ("invoiceninja__wave_clients.csv", 2),
        ("invoiceninja__freshbooks_clients.csv", 2),
        ("invoiceninja__clients.csv", 20),
        ("bigcapital__customers.csv", 5),
    ],
)
def test_exports_of_other_programs_come_in(desk: Client, net_30: PaymentTerms, file: str, right: int) -> None:
    taken = send(desk, shared_path(f"data/ar_import/{file}").read_bytes(), file)
    choose(desk, taken, net_30)

    found = desk.get(f"/customers/import/{taken.pk}/?show=all").context["found"]
    assert [row.errors for row in found.rows if row.errors] == []
    carry_in(desk, taken)
    assert Customer.objects.count() >= right


def test_drafts_of_a_program_come_in_with_all_that_belongs_to_them(uk: LegalEntity, system: User) -> None:
    drafts = [
        CustomerDraft(
            code="X-1",
            name="X",
            terms=14,
            currency="EUR",
            contacts=(ContactDraft(name="Ap", email="ap@x.example"),),
            address=AddressDraft(city="Wien", country="AT"),
            iban="DE89370400440532013000",
        ),
        CustomerDraft(name="Y", terms=14, parent_code="X-1"),
    ]

    one, other = import_customers(by=system, entity=uk, drafts=drafts)

    assert (one.code, other.code, other.parent) == ("X-1", "C-00001", one)
    assert one.terms == other.terms == PaymentTerms.objects.get(net_days=14)
    assert one.bank_accounts.get().source == "import"
    with pytest.raises(CodeTaken, match="exist already, such as X-1"):
        import_customers(by=system, entity=uk, drafts=drafts[:1])
    with pytest.raises(CodeTaken, match="more than once"):
        import_customers(by=system, entity=uk, drafts=[CustomerDraft(code="Z", name="Z", terms=14)] * 2)
    with pytest.raises(InvalidData, match="no customer NOBODY"):
        import_customers(by=system, entity=uk, drafts=[CustomerDraft(name="Z", terms=14, parent_code="NOBODY")])


def test_who_may_not_import_imports_nothing(
    uk: LegalEntity, clerk: User, manager: User, stranger: User, net_30: PaymentTerms
) -> None:
    taken = upload_customers(by=manager, entity=uk, name="c.csv", content=CSV.encode())
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            upload_customers(by=person, entity=uk, name="c.csv", content=CSV.encode())
        with pytest.raises(NotAllowed):
            import_upload(by=person, upload=taken)
        with pytest.raises(NotAllowed):
            import_customers(by=person, entity=uk, drafts=[CustomerDraft(name="Z", terms=net_30)])
