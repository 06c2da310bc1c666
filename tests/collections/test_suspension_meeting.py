"""The weekly meeting about suspensions, whose note is fresh, and customers who are not to be suspended for a while."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ar_collections.actions.suspension import (
    SuspensionFacts,
    end_exemption,
    end_suspension,
    open_suspension,
    send_suspension_notice,
)
from ar_collections.actions.suspension_meetings import write_owner_note
from ar_collections.actions.suspension_steps import NotSuspendable
from ar_collections.escalation import Advice
from ar_collections.models import SuspensionMeeting, SuspensionStep
from ar_collections.queries.candidates import candidates
from ar_collections.queries.escalations import summary_of
from ar_collections.suspension import Ending, Function
from controls.actions import set_up_limits
from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import OpenItem
from messaging.actions import change_template
from messaging.models import Message
from messaging.rendering import Wording
from tests.collections.books import Books
from tests.collections.suspending import Suspending, at, clock_at, say_policy

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def browser_of(person: User) -> Client:
    """A browser of their own, beside those of the others."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def sven(person: Callable[..., User], uk: LegalEntity) -> User:
    """He looks after the service, and has the collector's name."""
    sven = person("Sven", uk, "service_owner")
    User.objects.filter(pk=sven.pk).update(name="Colin")
    return User.objects.get(pk=sven.pk)


@pytest.fixture
def owners(collector: User, sven: User) -> dict[Function, User]:
    return {Function.COLLECTIONS: collector, Function.SERVICE: sven}


@pytest.fixture
def invoice(uk: LegalEntity, system: User, manager: User, account: Books) -> OpenItem:
    set_up_limits(by=system, entity=uk)
    say_policy(manager, uk)
    return account.invoice("INV-1", "1000.00", date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def begun(collector: User, owners: dict[Function, User], hotels: Customer, invoice: OpenItem) -> Suspending:
    return Suspending.begin(collector, hotels, owners)


def test_the_meeting_starts_with_fresh_notes_is_written_live_and_kept(
    begun: Suspending,
    collector: User,
    sven: User,
    manager: User,
    auditor: User,
    django_assert_max_num_queries: Any,
) -> None:
    wednesday, url = begun.day(2), "/suspensions/meeting/"
    first, second = begun.case.owners.order_by("pk")
    assert first.person.name == second.person.name, "people of one name are two people"
    write_owner_note(by=collector, owner=first, text="Their CFO is away.", at=at(wednesday, 8))
    lead, service, looking = browser_of(manager), browser_of(sven), browser_of(auditor)

    def page() -> str:
        return lead.get(url).content.decode()

    with clock_at(wednesday):
        with django_assert_max_num_queries(44):
            shown = page()
        assert "1 note missing" in shown and "Their CFO is away." in shown
        assert (shown.count("Fresh</span>"), shown.count("Not fresh")) == (1, 1)
        refused = lead.post(url + "start/", follow=True).content.decode()
        assert "These are missing: Colin on Brightwater Hotels Group" in refused and "Goes on" not in refused

        note = f"/suspensions/owners/{second.pk}/note/"
        live = {"HX-Request": "true"}
        assert service.post(note, {"note-text": " "}, headers=live).status_code == 422
        row = service.post(note, {"note-text": "We can stop on Friday."}, headers=live).content.decode()
        assert "We can stop on Friday." in row and "Not fresh" not in row and "<html" not in row
        assert "Goes on" in lead.post(url + "start/", follow=True).content.decode()
        plain = lead.post(note, {"note-text": "Agreed: Friday.", "back": "meeting"}, follow=True).content.decode()
        assert "Agreed: Friday." in plain and "written by Maya" in plain
        meeting = SuspensionMeeting.objects.get()
        lead.post(f"{url}{meeting.pk}/end/")

        held = page()
        assert "Meetings before" in held and "1 case, 1 note written in it" in held
        assert "2 notes missing" not in held and "1 note missing" in held, "only what was said since it began is fresh"
        assert lead.get(url + "?format=xlsx").status_code == 200
        assert lead.get(url + "?format=pdf").content.startswith(b"%PDF")
        assert "Start the meeting" not in looking.get(url).content.decode()
        assert looking.post(url + "start/").status_code == 403


def test_a_case_keeps_the_wording_that_it_began_with(
    begun: Suspending,
    signed_in: SignIn,
    administrator: User,
    collector: User,
    uk: LegalEntity,
) -> None:
    """An administrator changes the second notice while a case is open: for the next case, not for this one."""
    changed = Wording("Another subject", "Another text", "<p>Another text</p>")
    version = change_template(by=administrator, entity=uk, kind="suspension_notice_2", language="en", wording=changed)
    assert version.number == 2, "the first was taken up when the case began"
    note = signed_in(administrator).get("/messages/templates/suspension_notice_2/en/").content.decode()
    assert "A case keeps the wording that it began with" in note

    begun.mail(begun.day(0))
    begun.call([begun.day(2), begun.day(3)])
    begun.note(begun.day(6))
    send_suspension_notice(by=collector, case=begun.case, on=begun.day(7), at=at(begun.day(7)))
    [mail] = [each for each in begun.mail(begun.day(7)) if each.kind == "suspension_notice_2"]

    assert mail.subject != "Another subject" and mail.template_version is not None
    assert mail.template_version.number == 1


def test_a_case_is_no_reason_to_wait_with_an_escalation(begun: Suspending, hotels: Customer) -> None:
    found = summary_of(hotels, on=begun.day(1)).recommendation

    assert (found.advice, "on its way" in found.because) == (Advice.CALL, False)


def test_an_exemption_lasts_until_somebody_ends_it(
    begun: Suspending,
    signed_in: SignIn,
    owners: dict[Function, User],
    collector: User,
    manager: User,
    auditor: User,
    hotels: Customer,
    uk: LegalEntity,
) -> None:
    case, url = begun.case, f"/suspensions/{begun.case.pk}/"
    with pytest.raises(NotSuspendable, match="doesn’t exempt Brightwater Hotels Group"):
        end_exemption(by=manager, case=case, reason="They closed it", on=begun.day(1))
    end_suspension(by=manager, case=case, ending=Ending.EXEMPT, reason="They run a dialysis ward.", on=begun.day(1))
    facts = SuspensionFacts(owners)
    with pytest.raises(NotSuspendable, match="dialysis ward. A manager can end that"):
        open_suspension(by=collector, customer=hotels, facts=facts, opened_on=begun.day(1))

    assert "is not to be suspended" in signed_in(collector).get(url).content.decode()
    lead = signed_in(manager)
    assert "End the exemption" in lead.get(url).content.decode()
    assert lead.post(url + "end-exemption/", {"exemption-reason": ""}).status_code == 422
    for by, why, kind in ((collector, "They closed it", NotAllowed), (manager, " ", NotSuspendable)):
        with pytest.raises(kind):
            end_exemption(by=by, case=case, reason=why, on=begun.day(2))
    for _ in range(2):
        answer = lead.post(url + "end-exemption/", {"exemption-reason": "The ward has moved out."}, follow=True)
    page = answer.content.decode()
    assert "may be suspended again since" in page and "The ward has moved out." in page
    assert "End the exemption" not in page
    step = SuspensionStep.objects.get(kind="exempt_ended")
    assert step.by == manager and not Message.objects.filter(kind="suspension_told", context__step=step.pk).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        SuspensionStep.objects.create(case=case, kind="exempt_ended", on=begun.day(2), by=manager)

    with clock_at(begun.day(3)):
        again = open_suspension(by=collector, customer=hotels, facts=facts, opened_on=begun.day(3))
    assert again.pk != case.pk and not candidates(uk).exists()
