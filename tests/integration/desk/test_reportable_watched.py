"""The engine watches reportable cases; they are handed out, and end as data."""

import json
from datetime import timedelta

import pytest

from emergency.actions import reportable, reportable_due
from emergency.actions.erasing import purge
from emergency.actions.escalate import tick
from emergency.actions.holds import set_hold
from emergency.actions.page_order import order_for
from emergency.actions.refusal import Refused
from emergency.models import (
    AuditEntry,
    Incident,
    Page,
    PageAttempt,
    ReportableCase,
    Staff,
    Technician,
)
from emergency.pagers.wording import short_text
from emergency.queries.person import parts_of, person_by
from emergency.rules.reportable import WITHIN, Step
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.reporting import facts, notices, path, read

HOUR = timedelta(hours=1)
WARNING, NOTIFICATION = WITHIN[Step.EARLY_WARNING], WITHIN[Step.NOTIFICATION]


def test_duty_managers_are_told_before_and_at_each_deadline_and_once(
    desk: Desk, reportable_case: ReportableCase, manager: Technician
) -> None:
    case = reportable_case
    before, at = people.NIGHT + WARNING - 4 * HOUR, people.NIGHT + WARNING
    due = at.isoformat()
    for now in (before - timedelta(seconds=1), before, before, at, at, at + HOUR):
        tick(now=now, by="worker")
        tick(now=now, by="watcher")
    assert notices(manager) == [
        ("reportable_soon", "early_warning", due),
        ("reportable_passed", "early_warning", due),
    ]
    assert facts(case)[-2:] == [("reminded", "early_warning")] * 2
    case.refresh_from_db()
    assert case.due_at == people.NIGHT + NOTIFICATION - 4 * HOUR


def test_a_reminder_rings_and_says_what_is_due_when_and_where_to_enter_it(
    desk: Desk, reportable_case: ReportableCase, manager: Technician, settings
) -> None:
    Staff.objects.filter(pk=desk.eva.pk).update(language="en")
    now = people.NIGHT + WARNING - 4 * HOUR
    tick(now=now, by="worker")
    told = Page.objects.filter(purpose="notice", values__code="reportable_soon")
    assert {page.kind for page in told} == {"voice", "sms"}
    order = order_for(
        told.get(kind="sms"),
        PageAttempt(token="t"),
        route="sms:twilio",
        server="",
        now=now,
    )
    assert short_text(order) == (
        "The authority must have the early warning by Wed 11 Mar, 02:11 (service"
        f" outage, case {reportable_case.pk})."
        f" {settings.PUBLIC_BASE_URL}{path(reportable_case)}"
    )


def test_after_days_without_a_tick_only_what_is_still_true_is_said(
    desk: Desk, reportable_case: ReportableCase, manager: Technician
) -> None:
    case = reportable_case
    reportable.record_step(
        case_id=case.pk, step="early_warning", staff=desk.eva, now=desk.clock.now
    )
    tick(now=people.NIGHT + timedelta(days=4), by="worker")
    due = (people.NIGHT + NOTIFICATION).isoformat()
    assert notices(manager) == [("reportable_passed", "notification", due)]
    case.refresh_from_db()
    # The final report is watched although nobody has notified.
    assert case.due_at is not None


def test_a_case_that_cannot_be_looked_at_is_put_aside_and_stops_nobody(
    desk: Desk,
    reportable_case: ReportableCase,
    manager: Technician,
    monkeypatch,
    caplog,
) -> None:
    case = reportable_case
    other = reportable.flag(
        incident_id=people.report(now=people.NIGHT, server="b.example").pk,
        kind="personal_data",
        staff=desk.eva,
        now=desk.clock.now,
    )
    now = people.NIGHT + timedelta(days=4)
    remind = reportable_due.remind

    def fail_once(one: ReportableCase, *, now):
        if one.pk == case.pk:
            raise KeyError("broken")
        remind(one, now=now)

    monkeypatch.setattr(reportable_due, "remind", fail_once)
    tick(now=now, by="worker")
    case.refresh_from_db()
    assert (case.failures, case.due_at) == (1, now + timedelta(minutes=1))
    assert "cannot be watched" in read(people.signed_in(desk.eva), path(case))
    assert [code for code, *_ in notices(manager)] == [
        "reportable_failed",
        "reportable_passed",
    ]
    assert ("reminded", "data_breach") in facts(other)
    monkeypatch.setattr(reportable_due, "remind", remind)
    tick(now=now + timedelta(minutes=1), by="worker")
    case.refresh_from_db()
    assert case.failures == 0


def test_the_export_holds_every_fact_in_utc_and_nothing_that_a_customer_wrote(
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case, incident = reportable_case, reportable_case.incidents.get()
    eva = people.signed_in(desk.eva)
    eva.post(path(case, "step/early_warning/"), {"reference": "GZ 1"})
    answer = eva.post(path(case, "export/"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = answer.content.decode()
    document = json.loads(text)
    assert document["known_at"] == "2026-03-10T01:11:00+00:00"
    assert document["steps"][0] == {
        "step": "early_warning",
        "due_at": "2026-03-11T01:11:00+00:00",
        "due_at_is_estimated": False,
        "state": "done",
        "done_at": "2026-03-10T03:11:00+00:00",
        "reference": "GZ 1",
        "reason": "",
    }
    assert [fact["fact"] for fact in document["facts"]] == ["incident", "known", "done"]
    (of_incident,) = document["incidents"]
    assert of_incident["reference"] == incident.reference
    assert {"at": "2026-03-10T01:11:00+00:00", "code": "reported"} in (
        of_incident["timeline"]
    )
    for words in ("502", "431234567890", "Pat Muster"):
        assert words not in text
    assert AuditEntry.objects.filter(code="reportable_exported").count() == 1


def test_words_go_with_the_evidence_of_the_last_incident_that_is_not_held(
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case, incident = reportable_case, reportable_case.incidents.get()
    other = people.report(now=people.NIGHT, server="b.example", number="+431234567891")
    reportable.add_incident(
        case_id=case.pk, reference=other.reference, staff=desk.eva, now=desk.clock.now
    )
    reportable.end_as_not_reportable(
        case_id=case.pk, reason="A fire drill.", staff=desk.eva, now=desk.clock.now
    )
    (part,) = [
        part
        for part in parts_of(person_by("+431234567891"))
        if part.name == "ReportableFact"
    ]
    assert len(part.rows) == case.facts.count()
    assert "A fire drill." in str(part.rows)
    Incident.objects.update(status="closed", cause="other", closed_at=people.NIGHT)
    hold = set_hold(
        reference=other.reference, why="Court", staff=desk.eva, now=desk.clock.now
    )
    later = people.NIGHT + timedelta(days=4000)
    purge(now=later)
    assert case.facts.get(code="ended").reason == "A fire drill."
    hold.lifted_at, hold.lifted_by = later, desk.eva
    hold.save()
    assert purge(now=later)["ReportableFact"] == case.facts.count()
    assert case.facts.get(code="ended").reason == ""
    with pytest.raises(Refused) as refused:
        reportable.flag(
            incident_id=incident.pk, kind="outage", staff=desk.eva, now=later
        )
    assert refused.value.code == "erased_already"
