"""Addresses of the ground floor: people and companies, runs, files, the audit trail, one's own settings."""

from django.urls import path

from core.views import (
    audit,
    calendars,
    design,
    entities,
    files,
    home,
    me,
    people,
    rates,
    runs,
    series,
    settings,
    tokens,
)

app_name = "core"

urlpatterns = [
    path("start/", home.start, name="start"),
    path("me/", me.my_settings, name="my_settings"),
    path("me/preferences/", me.preferences, name="preferences"),
    path("settings/", settings.settings_index, name="settings"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/grant-role/", people.give_role, name="grant_role"),
    path("people/<int:pk>/send-link/", people.send_link, name="send_password_link"),
    path("roles/<int:pk>/revoke/", people.end_role, name="revoke_role"),
    path("companies/", entities.entities, name="entities"),
    path("companies/<slug:code>/", entities.entity, name="entity"),
    path("companies/<slug:code>/logo/", entities.logo, name="logo"),
    path("companies/<slug:code>/bank-accounts/new/", entities.new_bank_account, name="new_bank_account"),
    path("bank-accounts/<int:pk>/", entities.bank_account, name="bank_account"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/days/<int:pk>/drop/", calendars.drop_day, name="drop_day"),
    path("rates/", rates.rates, name="rates"),
    path("series/", series.series, name="series"),
    path("audit/", audit.audit, name="audit"),
    path("audit/<int:pk>/", audit.event, name="audit_event"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", runs.stop, name="cancel_run"),
    path("files/<int:pk>/", files.stored_file, name="file"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.end_token, name="revoke_token"),
    path("design/", design.gallery, name="design"),
]
