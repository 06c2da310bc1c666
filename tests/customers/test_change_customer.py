"""Changing, closing and reopening a customer, and what belongs to it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from customers.actions import (
    add_address,
    add_bank_account,
    add_contact,
    add_note,
    attach_file,
    change_address,
    change_contact,
    change_customer,
    change_terms,
    create_terms,
    deactivate_customer,
    end_address,
    end_bank_account,
    end_contact,
    learn_bank_account,
    reactivate_customer,
    record_certificate,
    set_parent,
)
from customers.actions.groups import GroupCycle
from customers.checks import ChangedMeanwhile, InvalidData
from customers.models import Address, Customer, CustomerBankAccount, CustomerNote, PaymentTerms

NewCustomer = Callable[..., Customer]


def events(customer: Customer) -> list[str]:
    rows = AuditEvent.objects.filter(object_type="customers.customer", object_id=str(customer.pk))
    return list(rows.order_by("pk").values_list("event", flat=True))


def test_a_change_keeps_before_and_after(acme: Customer, manager: User) -> None:
    change_customer(by=manager, customer=acme, name="Acme Group Ltd", credit_limit=Decimal(9000), segment="Wholesale")

    event = AuditEvent.objects.get(event="customer.changed")
    assert event.before == {"name": "Acme Trading Ltd", "credit_limit": None}
    assert event.after == {"name": "Acme Group Ltd", "credit_limit": "9000"}
    acme.refresh_from_db()
    assert (acme.name_key, acme.version) == ("acme group", 2)


def test_a_change_that_changes_nothing_leaves_no_trace(acme: Customer, manager: User) -> None:
    change_customer(by=manager, customer=acme, name=acme.name, terms=acme.terms)

    assert "customer.changed" not in events(acme)


def test_a_change_on_top_of_somebody_elses_is_refused(acme: Customer, manager: User) -> None:
    change_customer(by=manager, customer=acme, version=1, segment="Retail")

    with pytest.raises(ChangedMeanwhile, match="changed by somebody else"):
        change_customer(by=manager, customer=acme, version=1, segment="Export")


def test_an_old_tax_number_with_a_fault_does_not_stop_other_changes(acme: Customer, manager: User) -> None:
    Customer.objects.filter(pk=acme.pk).update(tax_number="GB123456789")

    change_customer(by=manager, customer=acme, segment="Retail")
    with pytest.raises(InvalidData, match="is not a tax number"):
        change_customer(by=manager, customer=acme, tax_number="GB123456780")


def test_a_clerk_does_not_change_master_data(acme: Customer, clerk: User, stranger: User) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            change_customer(by=person, customer=acme, name="Mine")
        with pytest.raises(NotAllowed):
            add_bank_account(by=person, customer=acme, iban="GB33BUKB20201555555555")


def test_a_closed_customer_says_why_and_can_be_reopened(acme: Customer, manager: User) -> None:
    with pytest.raises(Refused, match="Write why"):
        deactivate_customer(by=manager, customer=acme, reason=" ")
    deactivate_customer(by=manager, customer=acme, reason="Merged into Beta.")
    closed = deactivate_customer(by=manager, customer=acme, reason="Merged into Beta.")
    assert not closed.is_active

    assert reactivate_customer(by=manager, customer=acme).is_active
    assert events(acme)[-2:] == ["customer.deactivated", "customer.reactivated"]


def test_contacts_are_added_changed_and_ended(acme: Customer, clerk: User) -> None:
    bo = add_contact(by=clerk, customer=acme, name="Bo", email="bo@acme.example", role="payments")
    change_contact(by=clerk, contact=bo, receives_statements=True)
    end_contact(by=clerk, contact=bo)
    end_contact(by=clerk, contact=bo)

    assert events(acme)[-3:] == ["contact.added", "contact.changed", "contact.ended"]
    assert [contact.name for contact in acme.contacts.filter(is_active=True)] == ["Pat Jones"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Bo", "receives_invoices": True}, "needs an e-mail address"),
        ({"name": "Bo", "email": "not an address"}, "Email: Enter a valid email address"),
        ({"name": ""}, "Name: This field cannot be blank"),
        ({"name": "Bo", "role": "boss"}, "not a valid choice"),
        ({"name": "Bo", "is_active": False}, "can't be set"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(
    acme: Customer, clerk: User, fields: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add_contact(by=clerk, customer=acme, **fields)  # type: ignore[arg-type]


def test_a_customer_has_one_billing_address(acme: Customer, manager: User) -> None:
    with pytest.raises(InvalidData, match="has a billing address already"):
        add_address(by=manager, customer=acme, city="Leeds", country="GB")
    address = Address.objects.get()
    change_address(by=manager, address=address, city="Bath")
    end_address(by=manager, address=address)
    add_address(by=manager, customer=acme, city="Leeds", country="GB")

    changed = AuditEvent.objects.get(event="address.changed")
    assert (changed.before, changed.after) == ({"city": "Bristol"}, {"city": "Bath"})


def test_an_account_that_was_ended_is_theirs_again(acme: Customer, manager: User) -> None:
    told = add_bank_account(by=manager, customer=acme, iban="GB33BUKB20201555555555")
    end_bank_account(by=manager, account=told)

    again = add_bank_account(by=manager, customer=acme, iban="GB33BUKB20201555555555", holder="Acme")

    assert (again.supersedes, again.is_active, again.holder) == (told, True, "Acme")
    with pytest.raises(Refused, match="known already"):
        add_bank_account(by=manager, customer=acme, iban="GB33BUKB20201555555555")


def test_an_account_that_a_payment_showed_is_confirmed_by_whoever_notes_it(
    acme: Customer, manager: User, clerk: User
) -> None:
    seen = learn_bank_account(by=clerk, customer=acme, iban="DE89370400440532013000", holder="Acme Trading")
    assert seen.confirmed_at is None

    told = add_bank_account(by=manager, customer=acme, iban="DE89370400440532013000")

    assert (told.supersedes, told.confirmed_by, told.holder) == (seen, manager, "Acme Trading")
    assert not CustomerBankAccount.objects.get(pk=seen.pk).is_active


def test_bank_accounts_are_checked_and_learnt_once(acme: Customer, manager: User, clerk: User) -> None:
    with pytest.raises(InvalidData, match="is not an IBAN"):
        add_bank_account(by=manager, customer=acme, iban="GB33BUKB20201555555556")
    told = add_bank_account(by=manager, customer=acme, iban="GB33 BUKB 2020 1555 5555 55")
    seen = learn_bank_account(by=clerk, customer=acme, iban="DE89370400440532013000", holder="Acme Trading")
    learn_bank_account(by=clerk, customer=acme, iban="DE89370400440532013000")
    end_bank_account(by=manager, account=told)

    assert (told.source, told.confirmed_by) == ("customer", manager)
    assert (seen.source, seen.confirmed_by) == ("statement", None)
    assert CustomerBankAccount.objects.filter(is_active=True).get() == seen
    assert str(seen) == "…3000"


def test_files_and_notes_only_grow(acme: Customer, clerk: User) -> None:
    attached = attach_file(by=clerk, customer=acme, name="contract.pdf", content=b"%PDF-1.7 x", kind="contract")
    note = add_note(by=clerk, customer=acme, text="Pays on Fridays. <script>alert(1)</script>")

    assert attached.file.read() == b"%PDF-1.7 x"
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        CustomerNote.objects.filter(pk=note.pk).update(text="")
    with pytest.raises(Refused, match="The note is empty"):
        add_note(by=clerk, customer=acme, text="  ")


def test_a_program_is_no_file(acme: Customer, clerk: User) -> None:
    with pytest.raises(Refused, match="is a program"):
        attach_file(by=clerk, customer=acme, name="contract.pdf", content=b"MZ\x90\x00")


def test_a_certificate_covers_the_days_that_it_names(acme: Customer, manager: User) -> None:
    certificate = record_certificate(
        by=manager,
        customer=acme,
        number="EX-1",
        jurisdiction="US-NY",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
    )

    assert certificate.is_valid_on(date(2026, 12, 31))
    assert not certificate.is_valid_on(date(2027, 1, 1))
    with pytest.raises(InvalidData, match="recorded already"):
        record_certificate(by=manager, customer=acme, number="EX-1", jurisdiction="US-NY", valid_from=date(2026, 1, 1))
    with pytest.raises(InvalidData, match="can't end before it begins"):
        record_certificate(
            by=manager,
            customer=acme,
            number="EX-2",
            jurisdiction="US-NY",
            valid_from=date(2026, 1, 2),
            valid_until=date(2026, 1, 1),
        )


def test_a_group_never_goes_in_a_circle(acme: Customer, new_customer: NewCustomer, manager: User) -> None:
    beta, gamma = new_customer("Beta"), new_customer("Gamma")
    set_parent(by=manager, customer=beta, parent=acme)
    set_parent(by=manager, customer=gamma, parent=beta)

    for parent in (gamma, beta, acme):
        with pytest.raises(GroupCycle, match="can't go in a circle"):
            set_parent(by=manager, customer=acme, parent=parent)
    set_parent(by=manager, customer=gamma, parent=None)
    set_parent(by=manager, customer=gamma, parent=None)

    assert events(gamma) == ["customer.created", "parent.set", "parent.set"]


def test_a_parent_of_a_company_that_one_does_not_see_is_refused(
    acme: Customer, foreign: Customer, manager: User
) -> None:
    with pytest.raises(NotAllowed, match="You may not see the customers of Halden"):
        set_parent(by=manager, customer=acme, parent=foreign)


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_close_a_circle_together(acme: Customer, new_customer: NewCustomer, manager: User) -> None:
    beta = new_customer("Beta")
    start, refused = Barrier(2), []

    def link(child: Customer, parent: Customer) -> None:
        start.wait()
        try:
            set_parent(by=manager, customer=child, parent=parent)
        except GroupCycle as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=link, args=pair) for pair in ((acme, beta), (beta, acme))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1


def test_terms_are_agreed_and_changed_for_documents_to_come(uk: LegalEntity, manager: User) -> None:
    terms = create_terms(
        by=manager,
        entity=uk,
        code="2-10-30",
        name="30 days net, 2 % within 10 days",
        net_days=30,
        discount_percent=Decimal(2),
        discount_days=10,
    )
    assert terms.due_on(date(2026, 5, 4)) == date(2026, 6, 3)
    assert terms.discount_until(date(2026, 5, 4)) == date(2026, 5, 14)

    change_terms(by=manager, terms=terms, is_active=False)
    assert AuditEvent.objects.get(event="terms.changed").after == {"is_active": False}
    with pytest.raises(InvalidData, match="can't run longer"):
        change_terms(by=manager, terms=terms, discount_days=31)


@pytest.mark.parametrize(
    ("dated", "due"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2028, 2, 1), date(2028, 3, 30)),
        (date(2026, 12, 15), date(2027, 1, 30)),
    ],
)
def test_days_can_count_from_the_end_of_the_month(dated: date, due: date) -> None:
    assert PaymentTerms(net_days=30, end_of_month=True).due_on(dated) == due
    assert PaymentTerms(net_days=30).discount_until(dated) is None
