"""Addresses of deferred income and of corrections."""

from django.urls import path

from invoicing.views import deferred_income

urlpatterns = [
    path("deferred-income/", deferred_income.deferred_income, name="deferred_income"),
    path("deferred-income/movements/", deferred_income.movements, name="deferral_movements"),
    path("deferred-income/release/", deferred_income.release, name="release_income"),
]
