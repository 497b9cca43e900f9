"""Addresses about auditors' access, under /desk/auditors/."""

from django.urls import path

from emergency.views import auditors

urlpatterns = [
    path("", auditors.show_auditors, name="auditors"),
    path("grant/", auditors.grant, name="auditor_grant"),
    path("<int:grant_id>/end/", auditors.end, name="auditor_end"),
    path("welcome/<int:staff_id>/<str:token>/", auditors.welcome, name="auditor_in"),
]
