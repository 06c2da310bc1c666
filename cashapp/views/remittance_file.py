"""A remittance on its way in: uploaded or pasted, previewed, taken in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.remittances import TakenIn, take_in_remittance, upload_remittance
from cashapp.forms.remittances import RemittanceForm
from cashapp.models import Remittance
from cashapp.remittances import Advice, StatedLine, read_remittances
from cashapp.taking_in import Recognised, content_hash, recognise
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from ledger.models import OpenItem

SHOWN_PAYMENTS = 20
SHOWN_LINES = 60
PASTED = "pasted.txt"


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """A payment of the file as it would be taken in; `before` is the same one where it was taken in before."""

    advice: Advice
    recognised: Recognised
    before: Remittance | None

    @property
    def rows(self) -> list[tuple[StatedLine, OpenItem | None]]:
        """The first lines with the documents that they name."""
        return list(zip(self.advice.lines, self.recognised.items, strict=True))[:SHOWN_LINES]


@staff_page("cashapp.take_in_remittance")
def upload_page(request: PageRequest) -> HttpResponse:
    """Take a file or a text from a payer."""
    form = RemittanceForm(request.POST, request.FILES) if request.method == "POST" else RemittanceForm()
    if request.method == "POST" and form.is_valid():
        page = request.page
        name, content = form.told()
        kept = carry_out(form, upload_remittance, by=page.by, entity=page.entity, name=name, content=content)
        if kept:
            return redirect("cashapp:remittance_file", kept.pk)
    return shown(request, "cashapp/remittance_upload.html", {}, form)


@staff_page("cashapp.take_in_remittance")
def file_page(request: PageRequest, pk: int) -> HttpResponse:
    """What the file says, before anything of it is kept."""
    return _preview(request, _file(request, pk))


@staff_page("cashapp.take_in_remittance")
@require_POST
def take_in(request: PageRequest, pk: int) -> HttpResponse:
    """Take the file in as it was previewed."""
    file, page = _file(request, pk), request.page
    source = Remittance.Source.PASTED if file.name == PASTED else Remittance.Source.UPLOADED
    try:
        taken = take_in_remittance(
            by=page.by, entity=page.entity, name=file.name, content=file.read(), source=source, file=file
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _preview(request, file, refusal.message)
    messages.success(request, _said(taken))
    if len(taken) == 1:
        return redirect("cashapp:remittance", taken[0].remittance.pk)
    return redirect("cashapp:remittances")


def _said(taken: list[TakenIn]) -> str:
    new = [each for each in taken if each.is_new]
    if not new:
        return "It was taken in before. Nothing was added."
    return f"{len(new)} remittance{'' if len(new) == 1 else 's'} taken in."


def _file(request: PageRequest, pk: int) -> StoredFile:
    return get_visible(StoredFile.objects.filter(entity=request.page.entity), request.page.by, pk=pk)


def _preview(request: PageRequest, file: StoredFile, problem: str = "") -> HttpResponse:
    told: list[ToldPayment] = []
    count = 0
    try:
        advices = read_remittances(file.read(), file.name)
        count = len(advices)
        told = [_told(request, advice) for advice in advices[:SHOWN_PAYMENTS]]
    except Refused as refusal:
        problem = problem or refusal.message
    context = {"file": file, "told": told, "count": count, "problem": problem}
    return render(request, "cashapp/remittance_file.html", context, status=422 if problem else 200)


def _told(request: PageRequest, advice: Advice) -> ToldPayment:
    entity = request.page.entity
    before = Remittance.objects.filter(entity=entity, content_hash=content_hash(advice)).first()
    return ToldPayment(advice, recognise(advice, entity), before)
