"""Addresses of finals."""

from django.urls import path

from ar_collections.views import finals

urlpatterns = [
    path("finals/", finals.finals_page, name="finals"),
    path("finals/<int:pk>/", finals.final_page, name="final"),
    path("finals/<int:pk>/received/", finals.receipt, name="record_final_receipt"),
    path("finals/<int:pk>/questions/", finals.ask, name="ask_final_question"),
    path("finals/questions/<int:pk>/answer/", finals.answer, name="answer_final_question"),
]
