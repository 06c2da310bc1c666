"""The tones in which customers are asked to pay, and the wordings of them: each is a kind of message."""

from django.db import models


class Tone(models.TextChoices):
    """From helpful to legal; it only grows sharper with time."""

    HELPFUL = "helpful", "Helpful"
    NEUTRAL = "neutral", "Neutral"
    FRIENDLY = "friendly", "Friendly"
    FIRM = "firm", "Firm"
    FORMAL = "formal", "Formal"
    FINAL = "final", "Final"
    LEGAL = "legal", "Legal"


TEMPLATES = [
    ("notice_pre_due", "Before the due date: how to pay"),
    ("notice_received", "Final invoice: did it arrive, is anything open?"),
    ("notice_due", "Due now"),
    ("notice_friendly", "First reminder: when will it be paid?"),
    ("notice_firm", "Second reminder: what stands in the way?"),
    ("notice_formal", "Notice of suspension"),
    ("notice_final", "Final demand"),
    ("notice_legal", "Letter before action"),
]
