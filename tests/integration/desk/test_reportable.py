"""A case that may have to be reported to an authority, from the flag to its end."""

import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils.html import strip_tags

from emergency.actions import reportable, reportable_due
from emergency.actions.audit import Area
from emergency.actions.erasing import purge
from emergency.actions.escalate import tick
from emergency.actions.holds import set_hold
from emergency.actions.merging import merge
from emergency.actions.refusal import Refused
from emergency.models import (
    AuditEntry,
    Incident,
    Page,
    Report,
    ReportableCase,
    ReportableFact,
    Technician,
)
from emergency.queries.person import parts_of, person_by
from emergency.rules.reportable import WITHIN, Step
from tests import people
from tests.integration.desk.conftest import Desk

HOUR = timedelta(hours=1)
BLOCK = re.compile(r"</(?:dt|dd|td|th|p|li|div|h\d)>")
WARNING, NOTIFICATION = WITHIN[Step.EARLY_WARNING], WITHIN[Step.NOTIFICATION]


@pytest.fixture
def incident(desk: Desk) -> Incident:
    incident = people.report(now=desk.clock.now)
    Page.objects.update(status=Page.Status.WITHDRAWN)
    return incident


@pytest.fixture
def case(desk: Desk, incident: Incident) -> ReportableCase:
    """Flagged by Anna two hours after the report."""
    return reportable.flag(
        incident_id=incident.pk,
        kind="outage",
        staff=desk.anna.staff,
        now=desk.clock.pass_time(hours=2),
    )


def path(case: ReportableCase, rest: str = "") -> str:
    return f"/desk/reportable/{case.pk}/{rest}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    apart = BLOCK.sub(" ", answer.content.decode())
    return " ".join(strip_tags(apart).split())


def notices(person: Technician) -> list[tuple[str, str, str]]:
    """Codes, steps and deadlines of what this person was told, each once."""
    rows = Page.objects.filter(technician=person, purpose="notice").order_by("pk")
    told = [
        (p.values["code"], p.values.get("step", ""), p.values.get("deadline", ""))
        for p in rows
    ]
    return list(dict.fromkeys(told))


def facts(case: ReportableCase) -> list[tuple[str, str]]:
    return list(case.facts.order_by("pk").values_list("code", "step"))


def test_a_technician_flags_an_incident_on_its_page_and_the_deadlines_run(
    desk: Desk, incident: Incident, manager: Technician
) -> None:
    anna = people.signed_in(desk.anna)
    desk.clock.pass_time(hours=2)
    nothing = anna.post(f"/desk/reportable/flag/{incident.reference}/")
    assert nothing.status_code == 422
    assert not ReportableCase.objects.exists()
    for _twice in range(2):
        anna.post(
            f"/desk/reportable/flag/{incident.reference}/", {"kind": "compromise"}
        )
    case = ReportableCase.objects.get()
    page = read(anna, path(case))
    # We knew when the form came in: 10 March, 02:11 in Vienna.
    assert "Known since Tue 10 Mar, 02:11 when the first report was received" in page
    assert "Due by Wed 11 Mar, 02:11, in 22 h 0 min" in page
    assert "Due by Fri 13 Mar, 02:11, in 2 days 22 h" in page
    assert "Due by Mon 13 Apr, 02:11" in page
    assert "1 customer, 1 report, since Tue 10 Mar, 02:11" in page
    assert "Done now" not in page
    assert "Early warning: Wed 11 Mar, 02:11, in 22 h 0 min." in read(anna, "/desk/")
    of_incident = read(anna, f"/desk/i/{incident.reference}/")
    assert "May have to be reported: Suspected malicious compromise" in of_incident
    assert [code for code, *_ in notices(manager)] == ["reportable_flagged"]
    assert AuditEntry.objects.filter(
        area=Area.AUTHORITY, code="reportable_flagged", staff=desk.anna.staff
    ).exists()


def test_steps_are_recorded_by_one_tap_and_the_last_completes_the_case(
    desk: Desk, case: ReportableCase
) -> None:
    eva = people.signed_in(desk.eva)
    for step in ("early_warning", "notification"):
        eva.post(path(case, f"step/{step}/"))
    eva.post(path(case, "step/early_warning/"))  # a double click
    eva.post(path(case, "step/notification/"), {"reference": "GZ 2026-0815"})
    page = read(eva, path(case))
    assert page.count("done in time") == 2
    assert "GZ 2026-0815" in page
    assert "One month after the notification" not in page
    case.refresh_from_db()
    assert case.ended_at is None
    refused = eva.post(path(case, "step/final_report/not-needed/"), {"reason": " "})
    assert refused.status_code == 422
    eva.post(path(case, "step/final_report/not-needed/"), {"reason": "Withdrawn."})
    case.refresh_from_db()
    assert (case.ending, case.due_at) == ("complete", None)
    assert facts(case) == [
        ("incident", ""),
        ("known", ""),
        ("done", "early_warning"),
        ("done", "notification"),
        ("done", "notification"),
        ("not_needed", "final_report"),
    ]
    assert "May have to be reported" not in read(eva, "/desk/")
    assert "Every step is settled" in read(eva, "/desk/reportable/")


def test_what_was_done_late_or_is_overdue_says_so_in_words_and_colour(
    desk: Desk, case: ReportableCase
) -> None:
    eva = people.signed_in(desk.eva)
    desk.clock.now = people.NIGHT + WARNING + 3 * HOUR
    answer = eva.get(path(case)).content.decode()
    assert '<span class="badge bad">overdue by 3 h 0 min</span>' in answer
    assert 'class="notice bad" role="alert"' in eva.get("/desk/").content.decode()
    late = {"done_at": "2026-03-11T03:00", "reason": "Nobody could sign in."}
    assert eva.post(path(case, "step/early_warning/"), late).status_code == 302
    ahead = eva.post(path(case, "step/notification/"), {"done_at": "2026-03-12T03:00"})
    assert ahead.status_code == 422
    assert "This time lies ahead." in ahead.content.decode()
    page = read(eva, path(case))
    assert "done late" in page
    assert "Nobody could sign in." in page


def test_another_moment_of_knowledge_is_a_new_fact_with_a_reason(
    desk: Desk, case: ReportableCase
) -> None:
    eva = people.signed_in(desk.eva)
    stated = {"known_at": "2026-03-10T01:00", "reason": ""}
    assert eva.post(path(case, "known/"), stated).status_code == 422
    stated["reason"] = "The monitoring had it first."
    assert eva.post(path(case, "known/"), stated).status_code == 302
    page = read(eva, path(case))
    assert "Known since Tue 10 Mar, 01:00 as stated" in page
    assert "Due by Wed 11 Mar, 01:00" in page
    known = case.facts.filter(code="known").order_by("pk")
    assert [fact.moment for fact in known] == [
        people.NIGHT,
        people.NIGHT - timedelta(minutes=71),
    ]
    # An incident that joins changes nothing that somebody has stated.
    other = people.report(now=people.NIGHT - 5 * HOUR)
    reportable.add_incident(
        case_id=case.pk, reference=other.reference, staff=desk.eva, now=desk.clock.now
    )
    assert "Known since Tue 10 Mar, 01:00" in read(eva, path(case))


def test_facts_are_never_changed_and_lose_nothing_but_their_words(
    desk: Desk, case: ReportableCase
) -> None:
    reportable.record_step(
        case_id=case.pk,
        step="early_warning",
        reference="GZ 1",
        staff=desk.eva,
        now=desk.clock.now,
    )
    rows = ReportableFact.objects.filter(step="early_warning")
    changes = (
        lambda: rows.update(moment=people.NIGHT),
        lambda: rows.update(reference="GZ 2"),
        lambda: rows.update(reference="", step="notification"),
        rows.delete,
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert rows.update(reference="") == 1


def test_a_case_ends_as_not_reportable_with_a_reason_and_may_be_flagged_again(
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
    eva = people.signed_in(desk.eva)
    assert eva.post(path(case, "end/"), {"reason": ""}).status_code == 422
    eva.post(path(case, "end/"), {"reason": "Announced maintenance."})
    case.refresh_from_db()
    assert (case.ending, case.due_at) == ("not_reportable", None)
    assert "Done now" not in read(eva, path(case))
    for refused in ("end/", "step/early_warning/", "known/", "add/"):
        typed = {
            "reason": "x",
            "known_at": "2026-03-10T01:00",
            "reference": incident.reference,
        }
        assert eva.post(path(case, refused), typed).status_code == 422
    timeline = read(eva, f"/desk/i/{incident.reference}/")
    assert "Report to the authority (Service outage): Case ended." in timeline
    again = reportable.flag(
        incident_id=incident.pk, kind="outage", staff=desk.eva, now=desk.clock.now
    )
    assert again != case


def test_more_of_the_same_is_proposed_and_counted_once_it_is_added(
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
    Incident.objects.filter(pk=incident.pk).update(account=desk.customer.account)
    now = people.NIGHT
    windows = {"windows": [{"source": "status.example"}]}
    Report.objects.filter(incident=incident).update(maintenance_evidence=windows)
    account = people.report(now=now + HOUR, number="+431234567891")
    Incident.objects.filter(pk=account.pk).update(account=desk.customer.account)
    page = people.report(now=now + 2 * HOUR, number="+431234567892")
    Report.objects.filter(incident=page).update(maintenance_evidence=windows)
    people.report(now=now + HOUR, number="+431234567893")  # something else
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", cause="other", closed_at=now
    )
    long_ago = people.report(now=now - timedelta(hours=26), server="web01.example")
    Incident.objects.filter(pk=long_ago.pk).update(
        status="closed", cause="other", closed_at=now
    )
    server = people.report(now=now - HOUR, server="WEB01.example")
    eva = people.signed_in(desk.eva)
    shown = read(eva, path(case))
    for other, why in (
        (server, "same server"),
        (account, "same account"),
        (page, "same maintenance"),
    ):
        assert f"{other.reference}" in shown
        assert why in shown
    assert shown.count("Add NF-") == 3
    for other in (account, page, server):
        eva.post(path(case, "add/"), {"reference": f" {other.reference.lower()} "})
    assert eva.post(path(case, "add/"), {"reference": "NF-NONE"}).status_code == 422
    shown = read(eva, path(case))
    assert "2 customers, 4 reports, since Tue 10 Mar, 01:11" in shown
    # The earliest report is the moment of knowledge.
    assert "Known since Tue 10 Mar, 01:11" in shown
    assert "Add NF-" not in shown


def test_a_merged_incident_is_still_counted_and_its_case_shown_where_it_went(
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
    older = people.report(now=people.NIGHT - HOUR, server="db.example")
    merge(
        incident_id=incident.pk,
        other_id=older.pk,
        staff=desk.eva,
        now=desk.clock.now,
    )
    eva = people.signed_in(desk.eva)
    assert "1 customer, 2 reports, since Tue 10 Mar, 01:11" in read(eva, path(case))
    assert f"Open case {case.pk}" in read(eva, f"/desk/i/{older.reference}/")
    with pytest.raises(Refused) as refused:
        reportable.flag(
            incident_id=incident.pk,
            kind="personal_data",
            staff=desk.eva,
            now=desk.clock.now,
        )
    assert refused.value.code == "wrong_state"


def test_duty_managers_are_told_before_and_at_each_deadline_and_once(
    desk: Desk, case: ReportableCase, manager: Technician
) -> None:
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


def test_after_days_without_a_tick_only_what_is_still_true_is_said(
    desk: Desk, case: ReportableCase, manager: Technician
) -> None:
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
    desk: Desk, case: ReportableCase, manager: Technician, monkeypatch, caplog
) -> None:
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
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
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
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
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


def test_the_customer_sees_nothing_of_it(
    desk: Desk, case: ReportableCase, incident: Incident
) -> None:
    key = incident.reports.get().order_key
    answer = people.stranger().get(f"/t/token-of-{key}/", follow=True)
    assert answer.status_code == 200
    shown = answer.content.decode().lower()
    assert incident.reference.lower() in shown
    assert "authority" not in shown
    assert "outage" not in shown
