"""How stages and steps of suspensions look."""

from django import template
from django.utils.safestring import SafeString

from ar_collections.models import SuspensionCase
from ar_collections.suspension import Ending, Stage
from core.templatetags.o2c import pill

register = template.Library()

TONES = {
    Stage.NOTICE_1: ("warn", "mail"),
    Stage.NOTICE_2: ("warn", "mail"),
    Stage.FINAL: ("warn", "triangle-alert"),
    Stage.APPROVED: ("bad", "badge-check"),
    Stage.REQUESTED: ("bad", "send"),
    Stage.SUSPENDED: ("bad", "ban"),
    Stage.RESTORING: ("info", "undo-2"),
    Stage.ENDED: ("", "circle-check"),
}
ICONS = {
    "asked": "badge-check",
    "finance": "badge-check",
    "service": "badge-check",
    "requested": "send",
    "suspended": "ban",
    "position": "arrow-left-right",
    "proof": "paperclip",
    "extension_asked": "calendar-clock",
    "extended": "calendar-clock",
    "restore": "send",
    "restored": "circle-check",
    "ended": "flag",
    "exempt_ended": "undo-2",
}


@register.simple_tag
def stage_pill(case: SuspensionCase) -> SafeString:
    """How far a case has come; what became of it once it is over."""
    tone, drawing = TONES[Stage(case.stage)]
    words = Ending(case.ending).label if case.ending else Stage(case.stage).label
    return pill(words, tone, drawing)


@register.filter
def step_icon(kind: str) -> str:
    """The drawing of a step; notices are mails."""
    return ICONS.get(kind, "mail")
