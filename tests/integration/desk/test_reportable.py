"""A case that may have to be reported to an authority, from the flag to its end."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from emergency.actions import reportable
from emergency.actions.audit import Area
from emergency.actions.merging import merge
from emergency.actions.refusal import Refused
from emergency.models import (
    AuditEntry,
    Incident,
    Report,
    ReportableCase,
    ReportableFact,
    Technician,
)
from emergency.rules.reportable import WITHIN, Step
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.reporting import facts, notices, path, read

HOUR = timedelta(hours=1)
WARNING, NOTIFICATION = WITHIN[Step.EARLY_WARNING], WITHIN[Step.NOTIFICATION]


def test_a_technician_flags_an_incident_on_its_page_and_the_deadlines_run(
    desk: Desk, manager: Technician
) -> None:
    incident = people.report(now=desk.clock.now)
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case = reportable_case
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case = reportable_case
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case = reportable_case
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case = reportable_case
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case, incident = reportable_case, reportable_case.incidents.get()
    eva = people.signed_in(desk.eva)
    assert eva.post(path(case, "end/"), {"reason": ""}).status_code == 422
    eva.post(path(case, "end/"), {"reason": "Announced maintenance."})
    case.refresh_from_db()
    assert (case.ending, case.due_at) == ("not_reportable", None)
    shown = read(eva, path(case))
    assert shown.count("not needed") == 3
    assert "still to do" not in shown
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case, incident = reportable_case, reportable_case.incidents.get()
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
    desk: Desk, reportable_case: ReportableCase
) -> None:
    case, incident = reportable_case, reportable_case.incidents.get()
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


def test_the_customer_sees_nothing_of_it(
    desk: Desk, reportable_case: ReportableCase
) -> None:
    incident = reportable_case.incidents.get()
    key = incident.reports.get().order_key
    answer = people.stranger().get(f"/t/token-of-{key}/", follow=True)
    assert answer.status_code == 200
    shown = answer.content.decode().lower()
    assert incident.reference.lower() in shown
    assert "authority" not in shown
    assert "outage" not in shown
