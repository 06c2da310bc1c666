"""Files that came by themselves: what became of each."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from cashapp.models import StatementFile
from cashapp.queries.statement_files import statement_files_of
from core.pages import PageRequest, staff_page

PAGE_SIZE = 50


@staff_page("cashapp.view")
def statement_files_page(request: PageRequest) -> HttpResponse:
    """Every file that the drop folder and the API brought, with its state and its sentence."""
    page = request.page
    rows = statement_files_of(page.by, page.entity)
    state = request.GET.get("state", "")
    if state in StatementFile.State.values:
        rows = rows.filter(state=state)
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "state": state,
        "states": [
            {"label": label, "url": page.url(state=value, page=None), "is_chosen": value == state}
            for value, label in (("", "All"), *StatementFile.State.choices)
        ],
        "has_folder": bool(settings.STATEMENT_FOLDER),
    }
    return render(request, "cashapp/statement_files.html", context)
