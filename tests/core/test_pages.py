"""The pages of the ground floor do what their buttons say, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import (
    ApiToken,
    AuditEvent,
    BankAccount,
    ExchangeRate,
    LegalEntity,
    NonWorkingDay,
    RoleGrant,
    Run,
    User,
)
from core.tokens import SCOPES

SignedIn = Callable[[User], Client]
PAGES = ("settings", "people", "entities", "calendars", "rates", "series", "runs", "tokens", "my_settings")


@pytest.mark.parametrize("name", PAGES)
def test_everybody_in_the_company_can_read_the_settings(name: str, signed_in: SignedIn, auditor: User) -> None:
    assert signed_in(auditor).get(reverse(f"core:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_nobody_reads_them_without_signing_in(name: str, client: Client, uk: LegalEntity) -> None:
    answer = client.get(reverse(f"core:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_an_administrator_lets_somebody_in(
    signed_in: SignedIn, administrator: User, uk: LegalEntity, django_capture_on_commit_callbacks: Any
) -> None:
    facts = {"name": "Pat Lee", "email": "Pat@o2c.example", "role": "collector"}
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(administrator).post(reverse("core:new_person"), facts)
    pat = User.objects.get(email="pat@o2c.example")
    assert pat.roles_by_entity == {uk.pk: {"collector"}}
    assert "/account/password/reset/" in mail.outbox[0].body


def test_an_address_that_is_taken_is_refused_at_the_form(signed_in: SignedIn, administrator: User, clerk: User) -> None:
    facts = {"name": "Nora again", "email": clerk.email, "role": "collector"}
    answer = signed_in(administrator).post(reverse("core:new_person"), facts)
    assert answer.status_code == 422
    assert "already belongs to Nora" in answer.content.decode()


def test_a_clerk_does_not_let_anybody_in(signed_in: SignedIn, clerk: User) -> None:
    assert signed_in(clerk).get(reverse("core:new_person")).status_code == 403
    assert signed_in(clerk).post(reverse("core:grant_role", args=[clerk.pk]), {"role": "auditor"}).status_code == 403


def test_a_role_that_would_join_excluded_duties_is_refused(
    signed_in: SignedIn, administrator: User, clerk: User
) -> None:
    client = signed_in(administrator)
    answer = client.post(reverse("core:grant_role", args=[clerk.pk]), {"role": "ar_manager"}, follow=True)
    assert "one person would hold" in answer.content.decode()
    assert not RoleGrant.objects.filter(user=clerk, role="ar_manager").exists()


def test_a_role_is_ended_and_stays_on_record(signed_in: SignedIn, administrator: User, clerk: User) -> None:
    grant = RoleGrant.objects.get(user=clerk)
    signed_in(administrator).post(reverse("core:revoke_role", args=[grant.pk]))
    grant.refresh_from_db()
    assert grant.ended_by == administrator


def test_people_of_another_company_do_not_exist_here(signed_in: SignedIn, administrator: User, stranger: User) -> None:
    client = signed_in(administrator)
    assert client.get(reverse("core:person", args=[stranger.pk])).status_code == 404
    assert stranger.name not in client.get(reverse("core:people")).content.decode()


def test_a_company_is_changed_and_the_trail_says_what(
    signed_in: SignedIn, administrator: User, uk: LegalEntity
) -> None:
    facts = {
        "name": "Brightwater",
        "legal_name": "Brightwater Software Ltd",
        "country": "GB",
        "time_zone": "Europe/London",
        "language": "en",
        "accent_colour": "#0b5f7a",
        "email": "ar@brightwater.example",
    }
    answer = signed_in(administrator).post(reverse("core:entity", args=[uk.code]), facts)
    assert answer.status_code == 302
    event = AuditEvent.objects.get(event="entity.changed")
    assert event.before is not None and event.before["email"] == "accounts@brightwater.example"


def test_a_bank_account_with_a_wrong_iban_or_name_twice_is_refused(
    signed_in: SignedIn, administrator: User, uk: LegalEntity
) -> None:
    BankAccount.objects.create(entity=uk, name="Barclays", currency="GBP")
    client = signed_in(administrator)
    answer = client.post(reverse("core:new_bank_account", args=[uk.code]), {"name": "Barclays", "currency": "GBP"})
    assert answer.status_code == 422
    assert BankAccount.objects.count() == 1


def test_an_own_day_is_noted_and_dropped(signed_in: SignedIn, administrator: User, uk: LegalEntity) -> None:
    client = signed_in(administrator)
    client.post(reverse("core:calendars"), {"on": "2026-12-24", "name": "Stocktaking"})
    day = NonWorkingDay.objects.get(entity=uk)
    assert "Stocktaking" in client.get(reverse("core:calendars") + "?year=2026").content.decode()
    client.post(reverse("core:drop_day", args=[day.pk]))
    assert not NonWorkingDay.objects.exists()


def test_a_rate_is_recorded_in_capitals_and_an_unknown_currency_refused(
    signed_in: SignedIn, finance_manager: User
) -> None:
    client = signed_in(finance_manager)
    facts = {"from_currency": "eur", "to_currency": "GBP", "rate": "0.8421", "on": "2026-11-20", "source": "ECB"}
    assert client.post(reverse("core:rates"), facts).status_code == 302
    assert ExchangeRate.objects.get().from_currency == "EUR"
    refused = client.post(reverse("core:rates"), {**facts, "from_currency": "EUX"})
    assert refused.status_code == 422


def test_rates_in_force_are_those_of_the_date_asked_for(signed_in: SignedIn, clerk: User) -> None:
    for day, rate in ((1, "0.8"), (10, "0.9")):
        ExchangeRate.objects.create(
            from_currency="EUR", to_currency="GBP", rate=Decimal(rate), on=date(2026, 5, day), source="ECB"
        )
    html = signed_in(clerk).get(reverse("core:rates") + "?as_at=2026-05-05").content.decode()
    assert "0.8000" in html
    assert "0.9000" not in html


def test_a_series_never_goes_back(signed_in: SignedIn, administrator: User) -> None:
    client = signed_in(administrator)
    facts = {"kind": "invoice", "year": "2026", "pattern": "INV-{year}-{number:06d}", "next_number": "500"}
    assert client.post(reverse("core:series"), facts).status_code == 302
    refused = client.post(reverse("core:series"), {**facts, "next_number": "10"})
    assert refused.status_code == 422
    assert "INV-2026-000500" in client.get(reverse("core:series")).content.decode()


def test_the_audit_trail_is_filtered_and_exported(signed_in: SignedIn, auditor: User, administrator: User) -> None:
    signed_in(administrator).post(reverse("core:calendars"), {"on": "2026-12-24", "name": "Stocktaking"})
    client = signed_in(auditor)
    assert "Day marked" in client.get(reverse("core:audit") + "?q=stocktaking").content.decode()
    assert "Nothing fits" in client.get(reverse("core:audit") + "?q=nowhere").content.decode()
    assert client.get(reverse("core:audit") + "?format=xlsx")["Content-Type"].endswith("sheet")


def test_the_audit_trail_of_another_company_stays_closed(
    signed_in: SignedIn, administrator: User, stranger: User
) -> None:
    signed_in(administrator).post(reverse("core:calendars"), {"on": "2026-12-24", "name": "Stocktaking"})
    event = AuditEvent.objects.get(event="day.marked")
    assert signed_in(stranger).get(reverse("core:audit_event", args=[event.pk])).status_code == 403


def test_an_auditor_of_one_company_reads_no_trail_of_another_in_which_they_only_work(
    signed_in: SignedIn, clerk: User, administrator: User, de: LegalEntity, system: User
) -> None:
    signed_in(administrator).post(reverse("core:calendars"), {"on": "2026-12-24", "name": "Stocktaking"})
    RoleGrant.objects.create(user=clerk, entity=de, role="auditor", granted_by=system)
    event = AuditEvent.objects.get(event="day.marked")
    assert signed_in(clerk).get(reverse("core:audit_event", args=[event.pk]) + "?entity=DE").status_code == 404


def test_a_run_polls_until_it_is_over(signed_in: SignedIn, clerk: User, uk: LegalEntity) -> None:
    run = Run.objects.create(
        entity=uk, kind="issue", business_date=date(2026, 5, 1), title="Issue 3", started_by=clerk, total=3
    )
    client, headers = signed_in(clerk), {"HX-Request": "true"}
    waiting = client.get(reverse("core:run", args=[run.pk]), headers=headers)
    assert waiting.status_code == 200
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    Run.objects.update(state=Run.State.DONE)
    assert client.get(reverse("core:run", args=[run.pk]), headers=headers).status_code == 286


def test_a_run_is_stopped_by_whoever_started_it_or_a_manager(
    signed_in: SignedIn, clerk: User, collector: User, manager: User, uk: LegalEntity
) -> None:
    run = Run.objects.create(
        entity=uk, kind="issue", business_date=date(2026, 5, 1), title="Issue 3", started_by=clerk, total=3
    )
    assert signed_in(collector).post(reverse("core:cancel_run", args=[run.pk])).status_code == 403
    assert signed_in(manager).post(reverse("core:cancel_run", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED


def test_a_token_is_shown_once_and_ended(signed_in: SignedIn, clerk: User) -> None:
    client = signed_in(clerk)
    shown = client.post(reverse("core:tokens"), {"name": "Export", "scopes": [SCOPES[0]]}).content.decode()
    assert "o2c_" in shown
    token = ApiToken.objects.get()
    assert "o2c_" not in client.get(reverse("core:tokens")).content.decode().replace("o2c_session", "")
    client.post(reverse("core:revoke_token", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_preferences_are_kept_one_by_one(signed_in: SignedIn, clerk: User) -> None:
    client = signed_in(clerk)
    kept = client.post(reverse("core:preferences"), {"theme": "dark", "next": "https://evil.example/"})
    assert kept["Location"] == "/"
    clerk.refresh_from_db()
    assert (clerk.theme, clerk.single_keys) == ("dark", True)
    assert 'data-theme="dark"' in client.get(reverse("core:my_settings")).content.decode()


def test_single_keys_are_switched_off(signed_in: SignedIn, clerk: User) -> None:
    client = signed_in(clerk)
    client.post(reverse("core:my_settings"), {"theme": "system", "density": "compact"})
    assert 'data-keys="off"' in client.get(reverse("core:my_settings")).content.decode()
    assert 'data-density="compact"' in client.get(reverse("core:my_settings")).content.decode()


def test_the_design_page_is_for_developers(signed_in: SignedIn, clerk: User, settings: Any) -> None:
    settings.DESIGN_PAGE = False
    assert signed_in(clerk).get(reverse("core:design")).status_code == 404


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060f80f0001040100a3f5c1b40000000049454e44ae426082"
)


def test_a_logo_is_taken_shown_and_dropped(signed_in: SignedIn, administrator: User, uk: LegalEntity) -> None:
    client, address = signed_in(administrator), reverse("core:logo", args=[uk.code])
    assert client.get(address).status_code == 404
    client.post(address, {"picture": SimpleUploadedFile("logo.png", PNG)})
    assert client.get(address)["Content-Type"] == "image/png"
    client.post(address, {"drop": "yes"})
    assert client.get(address).status_code == 404
    events = AuditEvent.objects.filter(event__startswith="logo.").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["logo.changed", "logo.dropped"]


def test_a_logo_that_is_no_picture_is_refused(signed_in: SignedIn, administrator: User, uk: LegalEntity) -> None:
    upload = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    answer = signed_in(administrator).post(reverse("core:logo", args=[uk.code]), {"picture": upload})
    assert answer.status_code == 422
    uk.refresh_from_db()
    assert uk.logo is None


def test_a_clerk_changes_no_logo(signed_in: SignedIn, clerk: User, uk: LegalEntity) -> None:
    upload = SimpleUploadedFile("logo.png", PNG)
    assert signed_in(clerk).post(reverse("core:logo", args=[uk.code]), {"picture": upload}).status_code == 403
