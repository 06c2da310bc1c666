"""One message: what it says, what it carries, what became of it, and what a person can do about it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from messaging.actions import cancel_message, confirm_message, release_message, resend_message
from messaging.forms import ReasonForm, ResendForm
from messaging.kinds import kind_named
from messaging.mime import compose
from messaging.models import Message
from messaging.previews import Preview, preview_of

OWN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@staff_page("messaging.view")
def message_page(request: PageRequest, pk: int) -> HttpResponse:
    """The message with everything that is known about it."""
    return _shown(request, _message(request, pk))


@staff_page("messaging.view")
def as_sent(request: PageRequest, pk: int) -> HttpResponse:
    """The HTML as the reader sees it, on a page of its own that can run, load and send nothing."""
    response = HttpResponse(_preview(_message(request, pk)).wording.html)
    response["Content-Security-Policy"] = OWN_POLICY
    return response


@staff_page("messaging.view")
def mail_file(request: PageRequest, pk: int) -> HttpResponse:
    """The whole message as a file for a mail program."""
    message = _message(request, pk)
    preview = _preview(message)
    message.subject, message.text, message.html = preview.wording.subject, preview.wording.text, preview.wording.html
    message.claimed_at = message.sent_at or message.claimed_at or message.queued_at
    files = [row.file for row in message.attachments.select_related("file")]
    response = HttpResponse(compose(message, files), content_type="message/rfc822")
    name = f"{message.document or message.kind}-{message.pk}.eml"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@staff_page("messaging.cancel_message")
@require_POST
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Hold a message back."""
    message = cancel_message(by=request.page.by, message=_message(request, pk))
    messages.success(request, f"The message to {message.addressee} is held back.")
    return redirect("messaging:message", pk)


@staff_page("messaging.confirm_message")
@require_POST
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Record that an unconfirmed message did leave."""
    return _decided(request, pk, confirm_message, "The message counts as sent.")


@staff_page("messaging.release_message")
@require_POST
def release(request: PageRequest, pk: int) -> HttpResponse:
    """Send an unconfirmed message after all."""
    return _decided(request, pk, release_message, "The message leaves within a minute.")


@staff_page("messaging.resend_message")
@require_POST
def resend(request: PageRequest, pk: int) -> HttpResponse:
    """Send another copy."""
    message = _message(request, pk)
    form = ResendForm(request.POST)
    if form.is_valid():
        copy = carry_out(form, resend_message, by=request.page.by, message=message, **form.cleaned_data)
        if copy:
            messages.success(request, f"Another copy goes to {', '.join(copy.to_addresses)}.")
            return redirect("messaging:message", copy.pk)
    return _shown(request, message, resend_form=form)


def _decided(request: PageRequest, pk: int, action: Callable[..., Message], said: str) -> HttpResponse:
    message = _message(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid() and _carried_out(form, action, request, message):
        messages.success(request, said)
        return redirect("messaging:message", pk)
    return _shown(request, message, reason_form=form)


def _carried_out(form: ReasonForm, action: Callable[..., Message], request: PageRequest, message: Message) -> bool:
    done: Message | None = carry_out(form, action, by=request.page.by, message=message, **form.cleaned_data)
    return done is not None


def _message(request: PageRequest, pk: int) -> Message:
    rows = Message.objects.select_related("entity", "customer", "queued_by", "template_version__template", "resend_of")
    return get_visible(rows, request.page.by, pk=pk)


def _preview(message: Message) -> Preview:
    preview = preview_of(message)
    if preview.trouble:
        raise Refused(f"This message can't be shown: {preview.trouble}")
    return preview


def _shown(request: PageRequest, message: Message, **forms: Any) -> HttpResponse:
    first = {"to": ", ".join(message.to_addresses), "request_id": uuid4()}
    context = {
        "message": message,
        "label": kind_named(message.kind).label,
        "preview": preview_of(message),
        "attachments": message.attachments.select_related("file"),
        "events": message.events.select_related("by"),
        "copies": message.resends.order_by("pk"),
        "reason_form": forms.get("reason_form") or ReasonForm(),
        "resend_form": forms.get("resend_form") or ResendForm(initial=first),
    }
    return render(request, "messaging/message.html", context, status=422 if forms else 200)
