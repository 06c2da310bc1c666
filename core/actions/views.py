"""Saved views of lists."""

from django.db import transaction

from core.models import SavedView, User


@transaction.atomic
def save_view(*, by: User, page: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them."""
    view, _ = SavedView.objects.update_or_create(
        user=by, page=page, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    return view


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    """Drop one of one's own saved views."""
    SavedView.objects.filter(pk=view.pk, user=by).delete()
