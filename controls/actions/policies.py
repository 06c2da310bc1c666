"""Writing policies, publishing what is new in them, and confirming that one has read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from controls.models import Policy, PolicyReading, PolicyVersion
from controls.policies import GOVERNED
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require


class PolicyRefused(Refused):
    """The policy can't be written so."""

    code = "policy_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """What is written: the title, the text in Markdown, the screens that it governs, and what is new."""

    title: str
    text: str
    screens: Sequence[str] = ()
    change: str = ""


@transaction.atomic
def write_policy(*, by: User, entity: LegalEntity, written: PolicyText) -> Policy:
    """Publish the first version of a policy."""
    require(by, "controls.write_policy", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    _refuse(written)
    _refuse_title(entity, written.title)
    policy = Policy.objects.create(
        entity=entity, title=written.title.strip(), screens=sorted(written.screens), written_by=by
    )
    change = written.change.strip() or "First version"
    PolicyVersion.objects.create(policy=policy, number=1, text=written.text, change=change[:300], published_by=by)

    after = {"title": policy.title, "screens": policy.screens, "version": 1}
    audit(by, "policy.written", policy, entity=entity, after=after)
    return policy


@transaction.atomic
def change_policy(*, by: User, policy: Policy, written: PolicyText) -> Policy:
    """Publish what is new. Another text is another version, which everybody reads anew; the old ones stay."""
    require(by, "controls.write_policy", policy.entity)
    policy = Policy.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=policy.pk)
    if policy.ended_at is not None:
        raise PolicyRefused(f"“{policy}” has ended. Write a new one.")
    _refuse(written)
    if written.title.strip() != policy.title:
        _refuse_title(policy.entity, written.title)
    latest = policy.versions.order_by("-number")[0]
    is_new = latest.text != written.text
    if is_new and not written.change.strip():
        raise PolicyRefused("Write what is new, for those who have read it before.")
    before = {"title": policy.title, "screens": policy.screens, "version": latest.number}
    policy.title, policy.screens = written.title.strip(), sorted(written.screens)
    policy.save(update_fields=["title", "screens"])
    number = latest.number + is_new
    if is_new:
        change = written.change.strip()[:300]
        PolicyVersion.objects.create(policy=policy, number=number, text=written.text, change=change, published_by=by)

    after = {"title": policy.title, "screens": policy.screens, "version": number}
    if after != before:
        audit(by, "policy.changed", policy, entity=policy.entity, before=before, after=after, reason=written.change)
    return policy


@transaction.atomic
def end_policy(*, by: User, policy: Policy, reason: str) -> Policy:
    """Take a policy out of force. Its versions and who read them stay."""
    require(by, "controls.write_policy", policy.entity)
    policy = Policy.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=policy.pk)
    if policy.ended_at is not None:
        return policy
    if not reason.strip():
        raise PolicyRefused(f"Write why “{policy}” ends.")
    policy.ended_at = clock.now()
    policy.save(update_fields=["ended_at"])

    audit(by, "policy.ended", policy, entity=policy.entity, reason=reason.strip())
    return policy


@transaction.atomic
def confirm_reading(*, by: User, version: PolicyVersion) -> PolicyReading:
    """Confirm that one has read the version in force."""
    entity = version.policy.entity
    require(by, "controls.confirm_reading", entity)
    policy = Policy.objects.select_for_update(no_key=True).get(pk=version.policy_id)
    if (done := PolicyReading.objects.filter(version=version, person=by).first()) is not None:
        return done
    newest = policy.versions.order_by("-number")[0]
    if newest.pk != version.pk:
        raise PolicyRefused(f"Version {newest.number} of “{policy}” is out. Read that one.")
    reading = PolicyReading.objects.create(version=version, person=by)

    audit(by, "policy.read", policy, entity=entity, after={"version": version.number})
    return reading


def _refuse(written: PolicyText) -> None:
    if not written.title.strip() or not written.text.strip():
        raise PolicyRefused("A policy has a title and a text.")
    if unknown := sorted(set(written.screens) - GOVERNED):
        raise PolicyRefused(f"{unknown[0]} is no screen that a policy governs.")


def _refuse_title(entity: LegalEntity, title: str) -> None:
    if Policy.objects.filter(entity=entity, title=title.strip(), ended_at=None).exists():
        raise PolicyRefused(f"There is a policy “{title.strip()}” already. Change that one.")
