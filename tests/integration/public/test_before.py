"""What stands before the form, and what of it is recorded with the order."""

from datetime import UTC, date, datetime

import pytest
from django.core.signing import dumps, loads
from django.db import OperationalError
from django.utils.translation import override

from emergency.models import Circumstances, Holiday, OperatorProfile
from emergency.operator_facts import Operator, current_operator, kept
from emergency.queries.order_record import order_record
from tests.integration.public.pages import check, order, read, text_of

# The tests' night is a Tuesday, 02:11 in Vienna.
MORNING = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _contacts(_offer):
    OperatorProfile.objects.update(
        support_email="support@nordlicht.example", support_phone="+43 720 880 001"
    )
    kept.forget()


def it_is(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    kept.forget()


def test_at_night_the_fee_applies_and_the_page_says_when_free_support_opens(customer):
    page = text_of(customer.get("/"))
    assert "Jetzt fällt das Grundentgelt an" in page
    assert "Dienstag, 10. März, 02:11" in page
    assert "hat heute noch nicht geöffnet" in page
    assert "Dienstag, 10. März, 08:00" in page
    assert "in 5 h 49 min" in page


def test_in_free_hours_the_free_ways_stand_before_the_price(customer, monkeypatch):
    it_is(monkeypatch, MORNING)
    answer = customer.get("/")
    page = text_of(answer)
    assert "jetzt offen, bis 17:00" in page
    assert page.index("+43 720 880 001") < page.index("240,00")
    links = {link.attributes.get("href", "") for link in read(answer).all("a")}
    assert "tel:+43720880001" in links
    assert any(link.startswith("mailto:support@nordlicht.example") for link in links)
    # The paid way is as open as ever.
    assert order(customer, check(customer)).status_code == 303
    assert Circumstances.objects.get().tariff_case == "free_hours"


def test_a_holiday_is_named(customer):
    Holiday.objects.create(
        day=date(2026, 3, 10), name="Nordlichttag", source=Holiday.Source.CALENDAR
    )
    kept.forget()
    assert "Heute ist Feiertag: Nordlichttag." in text_of(customer.get("/"))


def test_a_closing_day_without_a_fee_is_promised_and_recorded(customer, monkeypatch):
    Holiday.objects.create(
        day=date(2026, 3, 10),
        name="Betriebsausflug",
        source=Holiday.Source.OPERATOR,
        fee_time=False,
    )
    it_is(monkeypatch, MORNING)
    checked = check(customer)
    assert "Jetzt fällt kein Grundentgelt an" in text_of(checked)
    order(customer, checked)
    kept_facts = Circumstances.objects.get()
    assert (kept_facts.tariff_case, kept_facts.tariff_reason) == (
        "no_fee",
        "closing_day",
    )
    assert kept_facts.values["day"] == "Betriebsausflug"


def test_hours_that_change_between_check_and_order_are_shown_first(
    customer, monkeypatch
):
    it_is(monkeypatch, MORNING)
    checked = check(customer)
    it_is(monkeypatch, EVENING)
    again = order(customer, checked)
    assert again.status_code == 200
    assert "Die Zeiten haben sich gerade geändert" in text_of(again)
    assert order(customer, again).status_code == 303


def test_a_check_page_from_before_there_was_a_tariff_can_be_ordered(customer):
    checked = check(customer)
    values = read(checked).values()
    salt = "emergency.report.checked"
    old = loads(values["checked"], salt=salt)
    del old["tariff_case"]
    del old["typed"]["worked_before"]
    values["checked"] = dumps(old, salt=salt, compress=True)
    assert customer.post("/order/", values).status_code == 303


@pytest.mark.parametrize(
    ("said", "recorded"), [("yes", True), ("no", False), ("", None)]
)
def test_whether_it_worked_before_is_recorded_and_never_blocks(
    customer, said, recorded
):
    checked = check(customer, worked_before=said)
    assert ("noch nie lief" in text_of(checked)) is (said == "no")
    assert order(customer, checked).status_code == 303
    assert Circumstances.objects.get().worked_before is recorded


def test_the_order_record_says_under_which_tariff_it_was_ordered(customer):
    order(customer, check(customer, worked_before="yes"))
    report = Circumstances.objects.get().report
    with override("en"):
        record = order_record(report.incident, language="en", now=MORNING)
    rows = dict(row for section in record.sections for row in section.rows)
    assert rows["Tariff"].startswith("Fee time.")
    assert rows["Did it work before?"] == "yes"


def test_the_facts_survive_a_database_that_is_away(monkeypatch):
    known = current_operator()
    assert known.name == "Nordlicht"
    assert Operator.from_json(known.to_json()) == known
    kept.forget()
    monkeypatch.setattr("emergency.operator_facts._read", _away)
    assert current_operator() == known


def test_a_copy_that_nobody_can_read_is_no_copy(settings):
    (settings.DATA_DIR / "operator.json").write_text('{"closed": 7}')
    kept.forget()
    kept.until = float("inf")
    assert current_operator() == Operator()


def _away(*_arguments):
    raise OperationalError("away")
