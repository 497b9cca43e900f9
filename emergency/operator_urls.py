"""Addresses of the page about the operator, under /desk/operator/."""

from django.urls import path

from emergency.views import operator, passages

urlpatterns = [
    path("", operator.show_operator, name="operator"),
    path("save/", operator.save_operator, name="operator_save"),
    path("close/", operator.close_on, name="closing_day_add"),
    path("texts/", passages.show_texts, name="operator_texts"),
    path("texts/<slug:key>/", passages.edit_text, name="operator_text"),
    path("open/", operator.open_again, name="closing_day_remove"),
]
