"""Forms of the controls."""

from controls.forms.authority import CommentForm, EndForm, LimitForm

__all__ = ["CommentForm", "EndForm", "LimitForm"]
