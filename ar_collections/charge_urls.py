"""Addresses of late interest."""

from django.urls import path

from ar_collections.views import late_charges, late_interest, late_terms

urlpatterns = [
    path("late-interest/", late_interest.late_page, name="late_interest"),
    path("late-interest/terms/", late_terms.terms_page, name="late_terms"),
    path("late-interest/terms/set-up/", late_terms.set_up, name="set_up_late_interest"),
    path("late-interest/terms/new/", late_terms.add, name="add_late_terms"),
    path("late-interest/terms/<int:pk>/end/", late_terms.end, name="end_late_terms"),
    path("late-interest/rates/new/", late_terms.add_rate, name="add_reference_rate"),
    path("late-charges/", late_charges.charges_page, name="late_charges"),
    path("late-charges/<int:pk>/", late_charges.charge_page, name="late_charge"),
    path("late-charges/<int:pk>/take-back/", late_charges.take_back, name="take_back_late_charge"),
    path("late-charges/requests/<int:pk>/approve/", late_charges.approve, name="approve_late_waiver"),
    path("customers/<int:pk>/late-interest/", late_interest.of_customer, name="customer_late_interest"),
    path("customers/<int:pk>/late-interest/decide/", late_interest.decide, name="decide_late_interest"),
]
