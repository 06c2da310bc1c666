"""The figures beside the menu, fetched after the page so that no page waits for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from core.pages import PageRequest, staff_page
from reporting.queries.queues import queues


@staff_page("core.view")
def queue_counts(request: PageRequest) -> HttpResponse:
    """One small element for each queue, which htmx puts in its place."""
    waiting = [queue for queue in queues(request.page) if queue.count]
    response = render(request, "reporting/queue_counts.html", {"queues": waiting})
    patch_cache_control(response, private=True, max_age=20)
    return response
