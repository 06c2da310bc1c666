"""Addresses of deferred income and of corrections."""

from django.urls import path

from invoicing.views import bulk_credits, credits_to_refund, deferred_income, item_changes

urlpatterns = [
    path("deferred-income/", deferred_income.deferred_income, name="deferred_income"),
    path("deferred-income/movements/", deferred_income.movements, name="deferral_movements"),
    path("deferred-income/release/", deferred_income.release, name="release_income"),
    path("credit-notes/many/", bulk_credits.choose, name="draft_bulk_credit"),
    path("credit-notes/many/<int:pk>/", bulk_credits.bulk_credit, name="bulk_credit"),
    path("credit-notes/many/<int:pk>/start/", bulk_credits.start, name="start_bulk_credit"),
    path("credit-notes/many/<int:pk>/ask/", bulk_credits.ask, name="request_bulk_credit"),
    path("credit-notes/many/requests/<int:pk>/approve/", bulk_credits.approve, name="approve_bulk_credit"),
    path("adjustments/", item_changes.adjustments, name="adjustments"),
    path("adjustments/items/<int:pk>/", item_changes.draft, name="draft_adjustment"),
    path("adjustments/<int:pk>/", item_changes.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/post/", item_changes.post, name="post_adjustment"),
    path("adjustments/<int:pk>/ask/", item_changes.ask, name="request_adjustment"),
    path("adjustments/<int:pk>/discard/", item_changes.discard, name="discard_adjustment"),
    path("adjustments/requests/<int:pk>/approve/", item_changes.approve, name="approve_adjustment"),
    path("refunds/", item_changes.refunds, name="refunds"),
    path("refunds/credits/", credits_to_refund.choose, name="credits_to_refund"),
    path("refunds/items/<int:pk>/", item_changes.ask_refund, name="request_refund"),
    path("refunds/<int:pk>/", item_changes.refund, name="refund"),
    path("refunds/<int:pk>/discard/", item_changes.drop_refund, name="discard_refund"),
    path("refunds/requests/<int:pk>/approve/", item_changes.approve_a_refund, name="approve_refund"),
]
