"""Addresses of cases that may have to be reported, under /desk/reportable/."""

from django.urls import path

from emergency.views import reportable, reportable_case

urlpatterns = [
    path("", reportable.show_cases, name="reportable"),
    path("flag/<str:reference>/", reportable.flag_incident, name="reportable_flag"),
    path("<int:case_id>/", reportable.show_case, name="reportable_case"),
    path("<int:case_id>/add/", reportable_case.add, name="reportable_add"),
    path(
        "<int:case_id>/step/<str:step>/",
        reportable_case.step_done,
        name="reportable_step",
    ),
    path(
        "<int:case_id>/step/<str:step>/not-needed/",
        reportable_case.step_not_needed,
        name="reportable_waive",
    ),
    path("<int:case_id>/known/", reportable_case.known, name="reportable_known"),
    path("<int:case_id>/end/", reportable_case.end, name="reportable_end"),
    path("<int:case_id>/export/", reportable_case.export, name="reportable_export"),
]
