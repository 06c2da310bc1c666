"""People are let in with a role, hold roles per company, and never two duties that exclude each other."""

from collections.abc import Callable

import pytest

from core.actions import (
    change_person,
    change_preferences,
    create_person,
    grant_role,
    issue_token,
    revoke_role,
    revoke_token,
)
from core.actions.people import DutiesExclude, PersonRefused
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, RoleGrant, User
from core.permissions import entities_of, may, require
from core.roles import GRANTABLE, ROLES, excluded_duties


def test_a_new_person_works_in_the_company_that_let_them_in(
    uk: LegalEntity, de: LegalEntity, administrator: User
) -> None:
    nora = create_person(
        by=administrator, entity=uk, email="Nora@Brightwater.example", name="Nora Field", role="ar_specialist"
    )

    assert may(nora, "cashapp.post_receipt", uk)
    assert not may(nora, "cashapp.post_receipt", de)
    assert list(entities_of(nora)) == [uk]
    assert AuditEvent.objects.filter(event="person.created").count() == 1


def test_an_address_belongs_to_one_person(uk: LegalEntity, administrator: User, clerk: User) -> None:
    with pytest.raises(PersonRefused, match="already belongs"):
        create_person(by=administrator, entity=uk, email=clerk.email.upper(), name="Other Nora", role="collector")


def test_a_person_of_another_company_is_let_in_by_their_address_and_keeps_their_name(
    uk: LegalEntity, administrator: User, stranger: User
) -> None:
    known = create_person(by=administrator, entity=uk, email=stranger.email, name="Stella Halden", role="collector")

    stella = User.objects.get(pk=stranger.pk)
    assert (known, stella.name) == (stranger, "Stella")
    assert may(stella, "customers.add_note", uk)
    assert AuditEvent.objects.get(event="role.granted").entity == uk


def test_who_may_not_sign_in_is_not_let_in_by_another_company(
    uk: LegalEntity, administrator: User, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_active=False)

    with pytest.raises(PersonRefused, match="Stella may not sign in"):
        create_person(by=administrator, entity=uk, email=stranger.email, name="Stella", role="collector")


def test_who_works_in_two_companies_is_changed_by_who_administers_both(
    uk: LegalEntity, de: LegalEntity, administrator: User, system: User, stranger: User
) -> None:
    RoleGrant.objects.create(user=stranger, entity=uk, role="collector", granted_by=system)
    with pytest.raises(Refused, match="End their roles in Brightwater instead"):
        change_person(by=administrator, entity=uk, person=stranger, is_active=False)

    RoleGrant.objects.create(user=administrator, entity=de, role="administrator", granted_by=system)
    both = User.objects.get(pk=administrator.pk)
    change_person(by=both, entity=uk, person=stranger, name="Stella Halden")

    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_active) == ("Stella Halden", True)


def test_who_posts_cash_may_not_keep_master_data(uk: LegalEntity, administrator: User, clerk: User) -> None:
    with pytest.raises(DutiesExclude, match="master data and cash"):
        grant_role(by=administrator, person=clerk, entity=uk, role="ar_manager")

    assert not RoleGrant.objects.filter(user=clerk, role="ar_manager").exists()


def test_duties_exclude_each_other_only_within_a_company(uk: LegalEntity, person: Callable[..., User]) -> None:
    nora = person("Nora", uk, "ar_specialist")
    france = LegalEntity.objects.create(code="FR", name="F", legal_name="F SA", currency="EUR", country="FR")
    adam = person("Adam", france, "administrator")

    grant_role(by=adam, person=nora, entity=france, role="ar_manager")

    nora = User.objects.get(pk=nora.pk)
    assert may(nora, "customers.create_customer", france)
    assert not may(nora, "customers.create_customer", uk)


def test_no_single_role_joins_duties_that_exclude_each_other() -> None:
    assert {role: excluded_duties({role}) for role, _ in GRANTABLE if excluded_duties({role})} == {}


def test_every_role_can_be_seen_through_one_table() -> None:
    assert {role for role, _ in GRANTABLE} | {"system"} == set(ROLES)


def test_granting_twice_is_one_grant(uk: LegalEntity, administrator: User, auditor: User) -> None:
    first = grant_role(by=administrator, person=auditor, entity=uk, role="auditor")

    assert grant_role(by=administrator, person=auditor, entity=uk, role="auditor") == first
    assert RoleGrant.objects.filter(user=auditor).count() == 1


def test_an_ended_role_gives_nothing_but_stays_on_record(uk: LegalEntity, administrator: User, clerk: User) -> None:
    grant = RoleGrant.objects.get(user=clerk)

    revoke_role(by=administrator, grant=grant, reason="Left the team")
    revoke_role(by=administrator, grant=grant)

    assert not may(User.objects.get(pk=clerk.pk), "core.view", uk)
    assert RoleGrant.objects.get(user=clerk).ended_by == administrator
    assert AuditEvent.objects.get(event="role.revoked").reason == "Left the team"


@pytest.mark.parametrize("role", ["system", "owner"])
def test_roles_that_nobody_may_hold_are_refused(uk: LegalEntity, administrator: User, clerk: User, role: str) -> None:
    with pytest.raises(PersonRefused):
        grant_role(by=administrator, person=clerk, entity=uk, role=role)


def test_only_an_administrator_grants_roles(uk: LegalEntity, manager: User, collector: User) -> None:
    with pytest.raises(NotAllowed, match="You may not grant roles in Brightwater"):
        grant_role(by=manager, person=collector, entity=uk, role="auditor")


def test_an_administrator_has_no_say_elsewhere(de: LegalEntity, administrator: User, stranger: User) -> None:
    with pytest.raises(NotAllowed):
        grant_role(by=administrator, person=stranger, entity=de, role="auditor")
    with pytest.raises(NotAllowed):
        change_person(by=administrator, entity=de, person=stranger, name="Renamed")


def test_nobody_locks_themselves_out(uk: LegalEntity, administrator: User) -> None:
    with pytest.raises(Refused, match="lock yourself out"):
        change_person(by=administrator, entity=uk, person=administrator, is_active=False)


def test_a_locked_person_may_nothing(uk: LegalEntity, administrator: User, clerk: User) -> None:
    change_person(by=administrator, entity=uk, person=clerk, is_active=False)

    with pytest.raises(NotAllowed):
        require(User.objects.get(pk=clerk.pk), "core.view", uk)


def test_preferences_are_ones_own(clerk: User) -> None:
    change_preferences(by=clerk, theme="dark", single_keys=False)

    clerk.refresh_from_db()
    assert (clerk.theme, clerk.single_keys) == ("dark", False)
    with pytest.raises(Refused, match="no such preference"):
        change_preferences(by=clerk, is_superuser=True)


def test_a_tokens_secret_is_shown_once_and_only_its_hash_is_kept(clerk: User, collector: User) -> None:
    token, secret = issue_token(by=clerk, name="Export", scopes=["customers:read"])

    assert secret not in {token.digest, token.hint}
    with pytest.raises(NotAllowed):
        revoke_token(by=collector, token=token)
    revoke_token(by=clerk, token=token)
    assert token.revoked_at is not None


def test_whoever_came_to_hold_excluding_duties_acts_on_neither(
    clerk: User, uk: LegalEntity, system: User, manager: User
) -> None:
    """Such as by a role table that changed after the roles were given."""
    RoleGrant.objects.create(user=clerk, entity=uk, role="ar_manager", granted_by=system)
    both = User.objects.get(pk=clerk.pk)

    for permission in ("customers.change_customer", "cashapp.post_receipt"):
        with pytest.raises(NotAllowed, match="exclude each other: .*master data and cash"):
            require(both, permission, uk)
    require(both, "invoicing.draft_invoice", uk)
    require(both, "customers.view", uk)
