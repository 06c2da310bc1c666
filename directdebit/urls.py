"""Addresses of direct debits."""

from django.urls import path

from directdebit.views import creditors, mandates, runs

app_name = "directdebit"

urlpatterns = [
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/<int:pk>/", mandates.mandate, name="mandate"),
    path("mandates/<int:pk>/release/", mandates.release, name="release_mandate"),
    path("mandates/<int:pk>/pause/", mandates.pause, name="pause_mandate"),
    path("mandates/<int:pk>/resume/", mandates.resume, name="resume_mandate"),
    path("mandates/<int:pk>/cancel/", mandates.cancel, name="cancel_mandate"),
    path("customers/<int:pk>/mandates/", mandates.of_customer, name="of_customer"),
    path("customers/<int:pk>/mandates/new/", mandates.new_mandate, name="draft_mandate"),
    path("creditors/", creditors.creditors, name="creditors"),
    path("creditors/new/", creditors.new_creditor, name="add_creditor"),
    path("creditors/<int:pk>/end/", creditors.end, name="end_creditor"),
    path("creditors/<int:pk>/lodge/", mandates.lodge, name="lodge_mandates"),
    path("collection-runs/", runs.runs, name="runs"),
    path("collection-runs/preview/", runs.preview, name="preview"),
    path("collection-runs/prepare/", runs.prepare, name="prepare_run"),
    path("collection-runs/<int:pk>/", runs.run, name="run"),
    path("collection-runs/<int:pk>/submit/", runs.submit, name="submit_collections"),
    path("collection-runs/<int:pk>/drop/", runs.drop, name="drop_run"),
    path("debits/<int:pk>/", runs.collection, name="collection"),
    path("submissions/<int:pk>/", runs.submission, name="submission"),
    path("submissions/<int:pk>/take/", runs.take, name="take_submission"),
    path("submissions/<int:pk>/settle/", runs.settle, name="settle_submission"),
]
