"""The figures of the callback promise: page, drawings, CSV, PDF, and who took them."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from pypdf import PdfReader

from emergency.models import AuditEntry, Bridge, CallbackAttempt, Incident
from emergency.queries.promise_figures import promise_figures
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_board import words

PAGE, CSV, PDF = "/desk/figures/", "/desk/figures/csv/", "/desk/figures/pdf/"
JANUARY = datetime(2026, 1, 20, 2, tzinfo=UTC)
MARCH = {"since": "2026-01", "until": "2026-03"}


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


@pytest.fixture
def promises(desk: Desk) -> None:
    """Two in January, one of them missed; one in March that still waits."""
    met = people.report(now=JANUARY, server="a.example")
    missed = people.report(now=JANUARY + timedelta(days=1), server="b.example")
    _reached(met, desk, minutes=9, proof="bridge", cause="infrastructure")
    _reached(missed, desk, minutes=44, proof="declared", cause="application")
    people.report(now=desk.clock.now, server="c.example")


def _reached(
    incident: Incident, desk: Desk, *, minutes: int, proof: str, cause: str
) -> None:
    at = incident.opened_at + timedelta(minutes=minutes)
    late = at > incident.callback_deadline_at
    Incident.objects.filter(pk=incident.pk).update(
        status="resolved",
        owner=desk.anna,
        acknowledged_at=incident.opened_at + timedelta(minutes=2),
        reached_at=at,
        cause=cause,
        callback_outcome="missed" if late else "met",
        missed_at=incident.callback_deadline_at if late else None,
    )
    bridge = Bridge.objects.create(
        incident=incident,
        technician=desk.anna,
        token=f"token-{minutes}",
        digit="1",
        stage=Bridge.Stage.ENDED,
        started_at=at,
        heard_at=at,
        pressed_at=at,
        answered_at=at,
        ended_at=at,
    )
    CallbackAttempt.objects.create(
        incident=incident,
        bridge=bridge if proof == "bridge" else None,
        technician=desk.anna,
        staff=desk.anna.staff,
        at=at,
        outcome="reached",
        proof=proof,
    )


def test_each_month_is_counted_and_the_whole_time_beside_them(promises, eva) -> None:
    page = eva.get(PAGE, MARCH)
    assert page.status_code == 200
    text = words(page.content.decode())
    assert "Kept in 1 of 2 emergencies (50.0 %)." in text
    assert "January 2026 2 1 0 1 0 50.0" in text
    assert "February 2026 0 0 0 0 0 –" in text
    assert "Whole time 3 1 0 1 1 50.0" in text
    # Taken within five minutes twice; reached once within ten, once after half an hour.
    assert "January 2026 2 2 0 0 0 0 0 0 2 2 2" in text
    assert "January 2026 2 0 1 0 0 0 0 1 9 44 44" in text
    assert "Whole time 1 1 50.0" in text
    assert "Infrastructure 1, Application 1, Other 0, Undetermined 0" in text


def test_drawings_are_named_described_and_told_apart_without_colour(
    promises, eva
) -> None:
    markup = eva.get(PAGE, MARCH).content.decode()
    plots = [
        ElementTree.fromstring(one)
        for one in re.findall(r'<svg class="plot".*?</svg>', markup, re.DOTALL)
    ]
    assert len(plots) == markup.count("<table") == 5
    for plot in plots:
        assert plot.get("role") == "img"
        assert f'id="{plot.get("aria-labelledby")}"' in markup
        said = plot.find("desc")
        assert said is not None
        assert said.get("id") == plot.get("aria-describedby")
        assert said.text
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    fills = {r.get("fill") for r in plots[0].iter("rect")}
    assert fills == {"currentColor", "url(#kept-4)", "none"}
    bars = [len(list(plot.iter("rect"))) for plot in plots]
    assert bars == [3, 2, 2, 3, 2]


def test_the_last_twelve_months_stand_unless_others_are_asked_for(desk, eva) -> None:
    empty = eva.get(PAGE)
    assert (empty.context["figures"].first, empty.context["figures"].last) == (
        date(2025, 4, 1),
        date(2026, 3, 31),
    )
    assert "No emergency was ordered in this time." in empty.content.decode()
    assert 'value="2025-04"' in empty.content.decode()
    one = eva.get(PAGE, {"until": "2026-01"}).context["figures"]
    assert len(one.months) == 12
    for since, until, said in (
        ("2026-03", "2026-01", "The last month comes before the first."),
        ("2020-01", "2026-01", "Choose at most 36 months."),
        ("March", "", "Write a month like this"),
        ("0001-01", "0001-02", "Write a month like this"),
        ("9999-11", "9999-12", "Write a month like this"),
    ):
        wrong = eva.get(PAGE, {"since": since, "until": until})
        assert wrong.status_code == 422
        assert said in wrong.content.decode()
        assert f'value="{since}"' in wrong.content.decode()


def test_the_csv_says_the_same_and_the_audit_who_took_it(promises, eva, desk) -> None:
    answer = eva.post(CSV, MARCH)
    assert "callback-promise-2026-01-2026-03.csv" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    january, february, march = csv.DictReader(StringIO(text), delimiter=";")
    assert january["month"] == "2026-01"
    assert (january["met"], january["missed"]) == ("1", "1")
    assert january["taken_within_5_min"] == "2"
    assert (january["reached_within_10_min"], january["reached_longer"]) == ("1", "1")
    assert january["reached_median_min"] == "9,0"
    assert (january["cause_application"], january["cause_not_named"]) == ("1", "0")
    assert (january["proven_by_bridge"], january["self_declared"]) == ("1", "1")
    assert february["emergencies"] == "0"
    assert february["reached_median_min"] == ""
    assert (march["pending"], march["cause_not_named"]) == ("1", "1")
    entry = AuditEntry.objects.get(code="figures_exported")
    assert entry.staff == desk.eva
    assert entry.values == {
        "kind": "csv",
        "first": "2026-01-01",
        "last": "2026-03-31",
    }
    assert "Figures of the callback promise exported." in words(
        eva.get("/desk/audit/").content.decode()
    )


def test_the_pdf_holds_tables_and_drawings_in_the_readers_language(
    promises, desk, tmp_path
) -> None:
    pytest.importorskip("weasyprint")
    german = people.signed_in(desk.eva)
    answer = german.post(PDF, MARCH, headers={"accept-language": "de"})
    assert answer["Content-Type"] == "application/pdf"
    file = tmp_path / "figures.pdf"
    file.write_bytes(answer.content)
    pages = PdfReader(file).pages
    assert len(pages) == 5
    text = " ".join(page.extract_text() for page in pages)
    assert "Januar 2026" in text
    assert "50,0" in text
    assert AuditEntry.objects.get(code="figures_exported").values["kind"] == "pdf"


def torn(figures: object) -> bytes:
    raise RuntimeError("no paper")


def test_without_a_printer_the_page_says_so_and_nothing_was_handed_out(
    promises, eva, settings
) -> None:
    settings.FIGURES_PDF = f"{__name__}.torn"
    answer = eva.post(PDF, MARCH)
    assert answer.status_code == 503
    assert "You can print this page." in answer.content.decode()
    assert not AuditEntry.objects.filter(code="figures_exported").exists()


def test_the_figures_cost_one_query(promises, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        promise_figures(first=JANUARY.date(), last=people.NIGHT.date(), language="en")
