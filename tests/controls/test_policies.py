"""Policies: written in Markdown beside the screens they govern, versioned, and read by everybody anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from controls.actions.policies import (
    PolicyRefused,
    PolicyText,
    change_policy,
    confirm_reading,
    end_policy,
    write_policy,
)
from controls.models import Policy, PolicyReading, PolicyVersion
from controls.policies import as_html
from controls.queries.policies import readers_of
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User

TEXT = "# Calls\n\n1. Ask for a **day**.\n2. Write it down.\n"


def browser_of(person: User) -> Client:
    """A browser of their own, beside those of the others."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def calling(manager: User, uk: LegalEntity) -> Policy:
    written = PolicyText(title="Calling customers", text=TEXT, screens=["collections:worklist"])
    return write_policy(by=manager, entity=uk, written=written)


def test_a_policy_stands_beside_its_screen_until_it_is_read_and_again_when_it_changes(
    manager: User,
    collector: User,
    auditor: User,
    uk: LegalEntity,
    calling: Policy,
    django_assert_num_queries: Any,
) -> None:
    colin, url = browser_of(collector), f"/policies/{calling.pk}/"
    worklist = colin.get("/worklist/").content.decode()
    assert f'href="{url}"' in worklist and ">new<" in worklist
    assert f'href="{url}"' not in colin.get("/promises/").content.decode(), "it governs the worklist alone"
    page = colin.get(url).content.decode()
    assert "<h2>Calls</h2>" in page and "<strong>day</strong>" in page and "I have read version 1" in page

    first = calling.versions.get()
    colin.post(f"{url}read/", {"version": first.pk})
    colin.post(f"{url}read/", {"version": first.pk})
    assert PolicyReading.objects.get().person == collector
    assert ">new<" not in colin.get("/worklist/").content.decode()

    maya = browser_of(manager)
    facts = {"title": "Calling customers", "text": TEXT + "3. Thank them.\n", "screens": ["collections:worklist"]}
    refused = maya.post(f"{url}change/", facts)
    assert refused.status_code == 422 and b"Write what is new" in refused.content
    assert maya.post(f"{url}change/", {**facts, "change": "Thanks"}).status_code == 302
    assert maya.post(f"{url}change/", facts).status_code == 302, "the same text is no other version"
    assert list(calling.versions.values_list("number", flat=True)) == [2, 1]
    assert ">new<" in colin.get("/worklist/").content.decode()
    with pytest.raises(PolicyRefused, match="Version 2 of “Calling customers” is out"):
        confirm_reading(by=manager, version=first)
    with django_assert_num_queries(2):
        who = [(reader.name, reader.number) for reader in readers_of(calling)]
    assert ("Colin", 1) in who and ("Maya", None) in who
    assert "Thank them" not in colin.get(f"{url}?version=1").content.decode()

    audrey = browser_of(auditor)
    assert b"I have read" not in audrey.get(url).content
    assert audrey.post(f"{url}read/", {"version": first.pk}).status_code == 403
    assert colin.get("/policies/new/").status_code == 403
    events = AuditEvent.objects.filter(object_type="controls.policy").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["policy.written", "policy.read", "policy.changed"]


def test_what_cannot_be_written_or_read_is_refused(
    manager: User, collector: User, uk: LegalEntity, calling: Policy
) -> None:
    def refused(**facts: Any) -> str:
        written = PolicyText(**{"title": "Other", "text": TEXT, **facts})
        with pytest.raises(PolicyRefused) as refusal:
            write_policy(by=manager, entity=uk, written=written)
        return refusal.value.message

    assert refused(title="Calling customers").startswith("There is a policy “Calling customers” already")
    assert refused(text=" \n") == "A policy has a title and a text."
    assert refused(screens=["admin:index"]) == "admin:index is no screen that a policy governs."
    with pytest.raises(NotAllowed):
        write_policy(by=collector, entity=uk, written=PolicyText(title="Mine", text=TEXT))
    with pytest.raises(PolicyRefused, match="Write why"):
        end_policy(by=manager, policy=calling, reason=" ")

    end_policy(by=manager, policy=calling, reason="Another takes its place")
    end_policy(by=manager, policy=calling, reason="Another takes its place")
    with pytest.raises(PolicyRefused, match="has ended"):
        change_policy(by=manager, policy=calling, written=PolicyText(title="x", text="y"))
    assert write_policy(by=manager, entity=uk, written=PolicyText(title="Calling customers", text=TEXT)) != calling
    confirm_reading(by=collector, version=calling.versions.get())
    changes: list[Callable[[], object]] = [
        lambda: PolicyVersion.objects.update(text="Other"),
        lambda: PolicyReading.objects.all()._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            change()


def test_markdown_makes_a_page_do_nothing() -> None:
    html = as_html(
        "# Big\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![pixel](https://x.example/p)\n\n"
        "<img src=x onerror=alert(1)>\n\n[fine](https://x.example)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )

    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html and 'href="data' not in html
    assert '<a href="https://x.example" rel="noopener noreferrer">fine</a>' in html
    assert "<h2>Big</h2>" in html and "<td>2</td>" in html


def test_headings_of_a_policy_skip_no_level() -> None:
    """Whoever begins small, or leaps from a big heading to a tiny one, still gives a page that can be read out."""
    assert as_html("## Every day\n#### Early\n# Every month\n##### Late") == (
        "<h2>Every day</h2>\n<h3>Early</h3>\n<h2>Every month</h2>\n<h3>Late</h3>\n"
    )
