"""Escalations: a page of figures with a recommendation, an answer by a day, and the pack that lawyers get."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject

from ar_collections.actions.escalations import (
    NotEscalated,
    Plea,
    answer_escalation,
    raise_escalation,
    remind_of_escalations,
)
from ar_collections.actions.handovers import hand_over_to_lawyers
from ar_collections.actions.notices import NothingToAsk, send_notice
from ar_collections.escalation import Advice, Figures, Trigger, recommend
from ar_collections.models import DunningHold, Escalation, LegalHandover
from ar_collections.queries.answering import asked_now
from ar_collections.tasks import put_legal_pack_together, resume_legal_packs
from ar_collections.watching import remind_of_escalations as remind
from core import clock, runs
from core.errors import NotAllowed
from core.files import store_file
from core.models import AuditEvent, LegalEntity, Run, User
from customers.models import Customer, CustomerFile
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, switch_all_on
from tests.collections.suspending import clock_at

MONDAY, THURSDAY = date(2026, 10, 5), date(2026, 10, 8)


@pytest.mark.parametrize(
    ("found", "advice"),
    [
        (Figures(), Advice.WAIT),
        (Figures(overdue=Decimal(9), is_insolvent=True), Advice.LEGAL),
        (Figures(overdue=Decimal(9), disputed=Decimal(9)), Advice.DISPUTES),
        (Figures(overdue=Decimal(9)), Advice.WAIT),
        (Figures(overdue=Decimal(90), free=Decimal(90), oldest_days=80), Advice.WRITE_OFF),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=80, broken=2), Advice.LEGAL),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=75, was_suspended=True), Advice.LEGAL),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=40, cannot_pay=True), Advice.PLAN),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=31), Advice.SUSPEND),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=31, has_case=True), Advice.CALL),
        (Figures(overdue=Decimal(900), free=Decimal(900), oldest_days=12, broken=3), Advice.CALL),
    ],
)
def test_the_advice_follows_the_figures(found: Figures, advice: Advice) -> None:
    assert recommend(found).advice == advice
    assert recommend(found).because.endswith(".")


@pytest.fixture
def owing(account: Books, hotels: Customer) -> Customer:
    account.invoice("INV-1", "1000.00", date(2026, 7, 1), date(2026, 8, 1))
    account.invoice("INV-2", "250.00", date(2026, 9, 20), date(2026, 10, 20))
    return hotels


@pytest.fixture
def raised(owing: Customer, collector: User, finance_manager: User) -> Escalation:
    plea = Plea(Trigger.SILENCE, finance_manager, "They hang up.")
    with clock_at(MONDAY):
        return raise_escalation(by=collector, customer=owing, plea=plea, on=MONDAY)


@pytest.mark.django_db
def test_the_system_writes_one_page_and_the_manager_gets_it_by_mail(
    raised: Escalation, collector: User, manager: User, finance_manager: User, auditor: User, owing: Customer
) -> None:
    assert (raised.advice, raised.answer_by) == (Advice.SUSPEND, THURSDAY)
    reader = PdfReader(BytesIO(raised.summary.read()))
    text = " ".join(reader.pages[0].extract_text().split())
    for words in ("Begin the suspension", "INV-1", "£1,250.00", "They hang up.", "the oldest 65 days"):
        assert words.replace("£", "") in text.replace("£", ""), words
    assert len(reader.pages) == 1
    mail = Message.objects.get(kind="escalation_asked")
    assert mail.to_addresses == [finance_manager.email] and mail.attachments.get().file == raised.summary

    other = Plea(Trigger.AMOUNT, manager)
    assert raise_escalation(by=collector, customer=owing, plea=other, on=MONDAY) == raised, "one at a time"
    with pytest.raises(DatabaseError), transaction.atomic():
        Escalation.objects.filter(pk=raised.pk).update(because="another")
    with pytest.raises(DatabaseError), transaction.atomic():
        Escalation.objects.filter(pk=raised.pk).update(
            decision="call", answer="x", answered_by=collector, answered_on=MONDAY
        )


@pytest.mark.django_db
def test_only_others_who_may_answer_are_asked(owing: Customer, collector: User, manager: User, auditor: User) -> None:
    for asked in (collector, auditor):
        with pytest.raises(NotEscalated):
            raise_escalation(by=collector, customer=owing, plea=Plea(Trigger.OTHER, asked), on=MONDAY)
    with pytest.raises(NotEscalated, match="is over already"):
        plea = Plea(Trigger.OTHER, manager, answer_by=date(2026, 10, 1))
        raise_escalation(by=collector, customer=owing, plea=plea, on=MONDAY)
    with pytest.raises(NotAllowed):
        raise_escalation(by=auditor, customer=owing, plea=Plea(Trigger.OTHER, manager), on=MONDAY)


@pytest.mark.django_db
def test_whoever_owes_an_answer_is_reminded_once_a_business_day_from_its_day_on(
    raised: Escalation, uk: LegalEntity, system: User, finance_manager: User
) -> None:
    assert remind(uk, at(date(2026, 10, 7), 9)) == 0 and remind(uk, at(THURSDAY, 5)) == 0
    for day, sent in ((THURSDAY, 1), (THURSDAY, 1), (date(2026, 10, 9), 2), (date(2026, 10, 10), 2)):
        remind(uk, at(day, 9))
        assert Message.objects.filter(kind="escalation_due").count() == sent

    answer_escalation(by=finance_manager, escalation=raised, decision=Advice.CALL, answer="I call", on=THURSDAY)
    assert remind_of_escalations(by=system, entity=uk, today=date(2026, 10, 12)) == []
    assert Message.objects.get(kind="escalation_answered").to_addresses == ["colin@o2c.example"]


@pytest.mark.django_db
def test_the_managers_are_asked_for_a_colleague_who_left(
    raised: Escalation,
    uk: LegalEntity,
    finance_manager: User,
    manager: User,
    auditor: User,
    signed_in: Callable[[User], Client],
) -> None:
    assert [*asked_now(uk, [raised]).values()] == [[finance_manager]]
    User.objects.filter(pk=finance_manager.pk).update(is_active=False)

    remind(uk, at(THURSDAY, 9))
    remind(uk, at(THURSDAY, 10))

    mail = Message.objects.get(kind="escalation_due")
    assert (mail.to_addresses, mail.to_name) == ([manager.email], "Maya"), "once, and to whoever may answer"
    page = signed_in(auditor).get(f"/escalations/{raised.pk}/").content.decode()
    assert "answers no more here. Asked now: Maya." in page and "Maya has not answered yet" in page
    listed = [
        signed_in(person).get("/escalations/?view=mine").content.decode().count(f"/escalations/{raised.pk}/")
        for person in (manager, auditor)
    ]
    assert listed[0] and not listed[1]
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert asked_now(uk, [raised]) == {raised.pk: []}
    assert "nobody else may" in signed_in(auditor).get(f"/escalations/{raised.pk}/").content.decode()


@pytest.mark.django_db
def test_the_pack_holds_everything_and_from_then_on_nobody_reminds(
    raised: Escalation, collector: User, manager: User, finance_manager: User, owing: Customer, uk: LegalEntity
) -> None:
    switch_all_on(manager, uk)
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_blank_page(200, 200)
    contract = BytesIO()
    writer.write(contract)
    for name, content in (
        ("contract.pdf", contract.getvalue()),
        ("broken.pdf", b"%PDF-1.7 not really"),
        ("mail.txt", b"We will not pay."),
    ):
        file = store_file(collector, uk, name, content)
        CustomerFile.objects.create(customer=owing, file=file, kind="contract", attached_by=collector)
    with pytest.raises(NotEscalated, match="answered first"):
        hand_over_to_lawyers(by=manager, escalation=raised, to_whom="Pratt LLP", note="", on=THURSDAY)
    with pytest.raises(NotEscalated, match="finance manager"):
        answer_escalation(by=manager, escalation=raised, decision=Advice.LEGAL, answer="Go", on=THURSDAY)
    answer_escalation(by=finance_manager, escalation=raised, decision=Advice.LEGAL, answer="Go", on=THURSDAY)
    with pytest.raises(NotAllowed):
        hand_over_to_lawyers(by=collector, escalation=raised, to_whom="Pratt LLP", note="", on=THURSDAY)

    run = hand_over_to_lawyers(by=manager, escalation=raised, to_whom="Pratt LLP", note="Claim all", on=THURSDAY)
    again = hand_over_to_lawyers(by=manager, escalation=raised, to_whom="Others", note="", on=THURSDAY)
    for _ in range(2):
        put_legal_pack_together(run.pk)

    done = LegalHandover.objects.get()
    assert again == run and (done.to_whom, done.handed_by) == ("Pratt LLP", manager)
    reader = PdfReader(BytesIO(done.pack.read()))
    contents = " ".join(reader.pages[0].extract_text().split())
    for words in ("Pratt LLP", "Claim all", "Summary", "Ledger", "INV-1", "Correspondence", "contract.pdf", "attached"):
        assert words in contents, words
    assert [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)][:3] == [
        "Contents", "Summary", "Ledger",
    ]  # fmt: skip
    assert set(reader.attachments) == {"broken.pdf", "mail.txt"}
    assert done.pages == len(reader.pages) >= 6
    assert DunningHold.objects.get(lifted_on=None).kind == "legal"
    with pytest.raises(NothingToAsk, match="Pratt LLP"):
        send_notice(by=manager, customer=owing, on=THURSDAY, at=at(THURSDAY))
    event = AuditEvent.objects.get(event="customer.handed_over")
    assert event.after == {"to": "Pratt LLP", "pack": done.pack.sha256, "pages": done.pages}
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalHandover.objects.update(to_whom="Somebody else")


@pytest.mark.django_db
def test_a_pack_whose_worker_died_is_begun_again_and_what_cannot_be_joined_is_attached_or_named(
    raised: Escalation,
    manager: User,
    finance_manager: User,
    owing: Customer,
    uk: LegalEntity,
    signed_in: Callable[[User], Client],
) -> None:
    strange, names = PdfWriter(), ("strange.pdf", "lost.txt")
    strange.add_blank_page(200, 200)[NameObject("/Annots")] = ArrayObject([NumberObject(5)])
    content = BytesIO()
    strange.write(content)
    for name, each in zip(names, (content.getvalue(), b"We will not pay."), strict=True):
        file = store_file(manager, uk, name, each)
        CustomerFile.objects.create(customer=owing, file=file, kind="contract", attached_by=manager)
    default_storage.delete(file.path)
    answer_escalation(by=finance_manager, escalation=raised, decision=Advice.LEGAL, answer="Go", on=THURSDAY)
    stopped = hand_over_to_lawyers(by=manager, escalation=raised, to_whom="Pratt LLP", note="", on=THURSDAY)
    assert DunningHold.objects.get().kind == "legal", "reminders stop before the pack is there"
    runs.cancel(stopped)
    put_legal_pack_together(stopped.pk)
    assert not LegalHandover.objects.exists()

    run = hand_over_to_lawyers(by=manager, escalation=raised, to_whom="Pratt LLP", note="", on=THURSDAY)
    assert run != stopped and resume_legal_packs() == 0
    browser, address = signed_in(manager), f"/escalations/{raised.pk}/"
    assert "is put together: 0 of 0 parts" in browser.get(address).content.decode()
    runs.stop_with(run, "No room on the disk")
    page = browser.get(address).content.decode()
    assert "could not be put together. No room on the disk" in page and "Try again" in page
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, last_seen_at=clock.now() - timedelta(minutes=9))
    assert resume_legal_packs() == 1

    run.refresh_from_db()
    assert (run.state, run.done, run.result["attached"]) == (Run.State.DONE, run.total, 1)
    reader = PdfReader(BytesIO(LegalHandover.objects.get().pack.read()))
    contents = " ".join(reader.pages[0].extract_text().split())
    assert set(reader.attachments) == {"strange.pdf"}
    assert "Attached inside this PDF" in contents and "can't be read any more" in contents.replace("’", "'")
    browser.post(f"{address}hand-over/", {"hand_over-to_whom": "Pratt LLP"})
    assert LegalHandover.objects.count() == 1


@pytest.mark.django_db
def test_the_pages_lead_from_the_customer_to_the_lawyers_without_scripts(
    owing: Customer, collector: User, finance_manager: User, auditor: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(collector)
    assert (
        "Recommended"
        in PdfReader(BytesIO(browser.get(f"/customers/{owing.pk}/summary.pdf").content)).pages[0].extract_text()
    )
    assert browser.get(f"/customers/{owing.pk}/escalations/new/").status_code == 200
    assert browser.post(f"/customers/{owing.pk}/escalations/new/", {"trigger": "other"}).status_code == 422
    told = {"trigger": "other", "asked": finance_manager.pk, "note": "They left."}
    page = browser.post(f"/customers/{owing.pk}/escalations/new/", told, follow=True).content.decode()
    assert "Waits" in page and "They left." in page
    row = Escalation.objects.get()
    box = browser.get(f"/customers/{owing.pk}/escalations/", headers={"HX-Request": "true"}).content.decode()
    assert "Something else" in box and "<html" not in box
    assert browser.get("/escalations/?format=xlsx").status_code == 200

    browser = signed_in(finance_manager)
    assert "Brightwater Hotels" in browser.get("/escalations/?view=mine").content.decode()
    answer = {"answer-decision": "legal", "answer-answer": "Go"}
    page = browser.post(f"/escalations/{row.pk}/answer/", answer, follow=True).content.decode()
    assert "Hand over to lawyers" in page
    page = browser.post(
        f"/escalations/{row.pk}/hand-over/", {"hand_over-to_whom": "Pratt LLP"}, follow=True
    ).content.decode()
    assert "Legal pack" in page and "nobody is reminded any more" in page
    assert signed_in(auditor).get(f"/escalations/{row.pk}/").status_code == 200
