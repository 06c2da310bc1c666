"""The menu shows the rooms that exist and that a person may see."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from core.models import LegalEntity, RoleGrant, User
from core.navigation import SECTIONS, SETTINGS, Room, open_rooms, sections
from core.pages import Page
from core.templatetags.shell import address_of
from core.ui.icons import ICONS
from core.views.settings import NOTES

SignedIn = Callable[[User], Client]


def page_for(user: User) -> Page:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    return Page(request, user)


def every_room() -> list[Room]:
    return [*(room for section in SECTIONS for room in section.rooms), *SETTINGS]


def test_every_line_of_the_menu_has_a_drawing_and_a_key_of_its_own() -> None:
    keys = [room.key for room in every_room() if room.key]
    assert len(keys) == len(set(keys))
    assert {room.icon for room in every_room()} <= ICONS


def test_a_room_whose_page_does_not_exist_is_not_shown(clerk: User) -> None:
    missing = Room("Nowhere", "x", "core:nowhere", "core.view")
    assert open_rooms((missing,), page_for(clerk)) == ()


def test_the_audit_trail_is_for_those_who_may_read_it(clerk: User, auditor: User) -> None:
    def labels(user: User) -> set[str]:
        return {room.label for section in sections(page_for(user)) for room in section.rooms}

    assert "Audit trail" in labels(auditor)
    assert "Audit trail" not in labels(clerk)
    assert "Runs" in labels(clerk)


def test_a_sub_page_of_the_settings_marks_the_settings(signed_in: SignedIn, clerk: User) -> None:
    html = signed_in(clerk).get(reverse("core:rates")).content.decode()
    assert f'href="{reverse("core:settings")}" aria-current="page"' in html


def test_links_carry_a_past_date_along(signed_in: SignedIn, clerk: User) -> None:
    html = signed_in(clerk).get(reverse("core:runs") + "?as_at=2026-01-31").content.decode()
    assert f'href="{reverse("core:runs")}?as_at=2026-01-31"' in html
    assert "Everything here stands as at" in html


def test_who_holds_no_role_yet_is_told_so(signed_in: SignedIn, person: Callable[..., User], uk: LegalEntity) -> None:
    client = signed_in(person("Newcomer"))
    assert client.get(reverse("core:my_settings")).status_code == 200
    refused = client.get(reverse("core:runs"))
    assert refused.status_code == 403
    assert "You hold no role" in refused.content.decode()


def test_an_unknown_company_in_the_address_is_not_found(signed_in: SignedIn, clerk: User, de: LegalEntity) -> None:
    assert signed_in(clerk).get(reverse("core:runs") + "?entity=DE").status_code == 404


def test_names_of_pages_resolve_or_are_not_built_yet() -> None:
    for room in every_room():
        try:
            assert reverse(room.url_name).startswith("/")
        except NoReverseMatch:
            assert room.url == ""


def test_everybody_starts_in_the_first_room_that_is_theirs(
    signed_in: SignedIn, administrator: User, person: Callable[..., User]
) -> None:
    first = sections(page_for(administrator))[0].rooms[0]
    assert signed_in(administrator).get(reverse("core:start"))["Location"] == first.url
    assert signed_in(person("Newcomer")).get(reverse("core:start"))["Location"] == reverse("core:my_settings")


def test_changing_the_company_leads_into_the_same_room(
    signed_in: SignedIn, clerk: User, de: LegalEntity, system: User
) -> None:
    RoleGrant.objects.create(user=clerk, entity=de, role="ar_specialist", granted_by=system)
    html = signed_in(clerk).get(reverse("core:person", args=[clerk.pk]) + "?entity=UK").content.decode()
    assert f'href="{reverse("core:settings")}?entity=DE"' in html


def test_the_palette_of_who_sees_no_documents_only_goes_to_rooms(
    signed_in: SignedIn, administrator: User, clerk: User
) -> None:
    assert 'data-source=""' in signed_in(administrator).get(reverse("core:runs")).content.decode()
    assert (
        f'data-source="{address_of("reporting:search")}"' in signed_in(clerk).get(reverse("core:runs")).content.decode()
    )


def test_every_door_of_the_settings_says_what_is_behind_it() -> None:
    assert [room.label for room in SETTINGS if not NOTES.get(room.url_name)] == []
