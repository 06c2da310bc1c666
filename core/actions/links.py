"""Letting people choose a new password."""

from functools import partial

from allauth.account.forms import ResetPasswordForm
from allauth.core.context import request_context
from django.db import transaction
from django.http import HttpRequest

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require


@transaction.atomic
def send_password_link(*, by: User, entity: LegalEntity, person: User, request: HttpRequest) -> None:
    """Mail a person the link by which they choose a password, the same that “forgotten password” sends."""
    require(by, "core.change_person", entity)
    form = ResetPasswordForm({"email": person.email})
    if not person.is_active or not form.is_valid():
        raise Refused(f"{person.name} may not sign in, so no link is sent. Let them sign in first.")

    audit(by, "person.password_link_sent", person, entity=entity)
    transaction.on_commit(partial(_mail, form, request))


def _mail(form: ResetPasswordForm, request: HttpRequest) -> None:
    with request_context(request):
        form.save(request)
