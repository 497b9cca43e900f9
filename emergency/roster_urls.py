"""Addresses of rosters and escalation policies, all under /desk/."""

from django.urls import path

from emergency.views import (
    absences,
    duty_figures,
    policies,
    readiness,
    roster,
    roster_changes,
    roster_plan,
    roster_rotations,
    roster_settings,
    what_if,
)

urlpatterns = [
    path("roster/", roster.show_roster, name="roster"),
    path("roster/ahead/", readiness.show_readiness, name="readiness"),
    path("roster/<int:schedule_id>/out/", roster.drop_out, name="drop_out"),
    path("roster/back/<int:drop_out_id>/", roster.come_back, name="come_back"),
    path("roster/succeed/<int:drop_out_id>/", roster.succeed, name="succeed"),
    path("roster/confirm/<int:hand_off_id>/", roster.confirm, name="hand_off_confirm"),
    path(
        "roster/<int:schedule_id>/override/",
        roster_changes.add_override,
        name="override_add",
    ),
    path(
        "roster/override/<int:override_id>/cancel/",
        roster_changes.cancel_override,
        name="override_cancel",
    ),
    path(
        "roster/<int:schedule_id>/swap/", roster_changes.propose_swap, name="swap_add"
    ),
    path("roster/swap/<int:swap_id>/", roster_changes.answer_swap, name="swap_answer"),
    path("roster/new/", roster_settings.add_schedule, name="schedule_add"),
    path(
        "roster/<int:schedule_id>/",
        roster_settings.change_schedule,
        name="schedule_change",
    ),
    path(
        "roster/<int:schedule_id>/rotation/",
        roster_rotations.add_rotation,
        name="rotation_add",
    ),
    path(
        "roster/<int:schedule_id>/rotation/<int:rotation_id>/",
        roster_rotations.change_rotation,
        name="rotation_change",
    ),
    path(
        "roster/<int:schedule_id>/rotation/<int:rotation_id>/remove/",
        roster_rotations.remove_rotation,
        name="rotation_remove",
    ),
    path("roster/figures/", duty_figures.show_figures, name="duty_figures"),
    path("roster/figures/csv/", duty_figures.download_figures, name="duty_figures_csv"),
    path("roster/what-if/", what_if.show_what_if, name="what_if"),
    path("roster/<int:schedule_id>/plan/", roster_plan.show_plan, name="roster_plan"),
    path("roster/absences/", absences.show_own, name="own_absences"),
    path(
        "roster/absences/<int:technician_id>/",
        absences.show_absences,
        name="absences",
    ),
    path("roster/absences/<int:technician_id>/add/", absences.add, name="absence_add"),
    path(
        "roster/absences/<int:technician_id>/import/",
        absences.import_calendar,
        name="absence_import",
    ),
    path(
        "roster/absences/<int:technician_id>/feed/",
        absences.renew_own_feed,
        name="feed_renew",
    ),
    path(
        "roster/absence/<int:absence_id>/remove/",
        absences.remove,
        name="absence_remove",
    ),
    path(
        "roster/<int:schedule_id>/feed/",
        absences.renew_schedule_feed,
        name="schedule_feed_renew",
    ),
    path("policies/", policies.show_policies, name="policies"),
    path("policies/new/", policies.add_policy, name="policy_add"),
    path("policies/<int:policy_id>/", policies.change_policy, name="policy_change"),
]
