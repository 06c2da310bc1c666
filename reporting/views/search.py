"""The palette's answers, and the same as a page."""

from django.http import HttpResponse
from django.shortcuts import render

from core.pages import PageRequest, staff_page
from reporting.queries.search import search


@staff_page("reporting.view")
def results(request: PageRequest) -> HttpResponse:
    """What is found for `?q=`: a fragment for the palette, a page without scripts."""
    query = request.GET.get("q", "")
    groups = search(by=request.page.by, entity=request.page.entity, text=query)
    template = "core/palette_results.html" if request.htmx else "reporting/search.html"
    return render(request, template, {"query": query, "groups": groups})
