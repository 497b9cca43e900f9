"""Addresses that open without signing in: the customer's pages, calendar feeds, the
answer to a page."""

from django.urls import URLPattern, URLResolver, path

from emergency.views.answer import answer
from emergency.views.calendar import calendar
from emergency.views.report import order, report
from emergency.views.tracking import tracking

urlpatterns: list[URLPattern | URLResolver] = [
    path("", report, name="report"),
    path("order/", order, name="order"),
    path("t/<str:token>/", tracking, name="tracking"),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("answer/<str:token>/", answer, name="answer"),
]
