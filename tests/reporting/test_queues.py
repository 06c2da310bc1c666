"""The figures beside the menu: what waits, for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from core.models import LegalEntity, Run, User

SignedIn = Callable[[User], Client]


def run(entity: LegalEntity, by: User, state: str) -> Run:
    return Run.objects.create(
        entity=entity,
        kind="issue",
        part=state,
        business_date=date(2026, 5, 1),
        title="Issue",
        started_by=by,
        state=state,
    )


def test_runs_at_work_are_counted_and_finished_ones_are_not(
    signed_in: SignedIn, clerk: User, uk: LegalEntity, de: LegalEntity, stranger: User
) -> None:
    run(uk, clerk, Run.State.RUNNING)
    run(uk, clerk, Run.State.WAITING)
    run(uk, clerk, Run.State.DONE)
    run(de, stranger, Run.State.RUNNING)
    html = signed_in(clerk).get(reverse("reporting:queue_counts"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="count-core-runs"' in html
    assert ">2<" in html


def test_nothing_that_waits_is_nothing_to_show(signed_in: SignedIn, clerk: User) -> None:
    assert signed_in(clerk).get(reverse("reporting:queue_counts")).content.strip() == b""


def test_the_menu_asks_for_its_figures_after_the_page(signed_in: SignedIn, clerk: User) -> None:
    html = signed_in(clerk).get(reverse("core:runs")).content.decode()
    assert f'hx-get="{reverse("reporting:queue_counts")}"' in html


def test_the_figures_take_few_queries(
    signed_in: SignedIn, manager: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in(manager)
    with django_assert_max_num_queries(20):
        client.get(reverse("reporting:queue_counts"))
