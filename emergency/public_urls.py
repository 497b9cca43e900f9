"""Addresses of the customer's pages."""

from django.urls import URLPattern, URLResolver, path

from emergency.views.report import order, report
from emergency.views.tracking import tracking

urlpatterns: list[URLPattern | URLResolver] = [
    path("", report, name="report"),
    path("order/", order, name="order"),
    path("t/<str:token>/", tracking, name="tracking"),
]
