"""Addresses of the ground floor: people and companies, runs, files, the audit trail, one's own settings."""

from django.urls import path

from core.views import design, me

app_name = "core"

urlpatterns = [
    path("me/", me.my_settings, name="my_settings"),
    path("me/preferences/", me.preferences, name="preferences"),
    path("design/", design.gallery, name="design"),
]
