"""Above the limits a report is marked and paged all the same."""

from datetime import timedelta

import pytest

from emergency.actions.message import tell_customer
from emergency.models import Message, NetworkTouch, Report
from emergency.queries.storm import storm
from emergency.rules.limits import REPORTS, TEXTS_TO_A_NUMBER, Limit, exceeded
from tests import people
from tests.people import NIGHT


@pytest.fixture
def anna(db):
    anna = people.technician()
    people.on_call(anna)
    return anna


def ordered(count, *, now=NIGHT, **changes):
    """So many incidents, each about a server of its own and from a number of its
    own."""
    made = []
    for one in range(count):
        said = {"number": f"+4312345{one:03d}", "server": f"s{one}.example"} | changes
        made.append(people.report(now=now, **said))
    return made


def marks():
    return [report.above_limits for report in Report.objects.order_by("pk")]


@pytest.mark.parametrize("limit", Limit)
def test_a_limit_is_exceeded_by_one_more_than_is_ordinary(limit):
    most = REPORTS[limit].most
    assert exceeded({limit: most}) == []
    assert exceeded({limit: most + 1}) == [limit]


@pytest.mark.parametrize(
    ("same", "limit"),
    [
        ({"network_address": "192.0.2.7"}, Limit.ADDRESS),
        ({"number": "+436641234567"}, Limit.NUMBER),
        ({}, Limit.TOTAL),
    ],
)
def test_every_incident_above_a_limit_is_marked_and_paged(anna, same, limit):
    most = REPORTS[limit].most
    incidents = ordered(most + 2, **same)
    assert marks() == [[]] * most + [[limit.value]] * 2
    for incident in incidents:
        first = incident.pages.filter(purpose="emergency", due_at=NIGHT)
        assert set(first.values_list("kind", flat=True)) == {"voice", "sms"}


def test_an_account_is_counted_over_all_its_servers(anna):
    account = people.customer().account
    most = REPORTS[Limit.ACCOUNT].most
    for one in range(most + 1):
        account.servers.create(name=f"s{one}.example")
    ordered(most + 1)
    assert marks()[-1] == ["account"]


def test_what_was_long_ago_does_not_count(anna):
    most = REPORTS[Limit.ADDRESS].most
    ordered(most, network_address="192.0.2.7")
    later = NIGHT + REPORTS[Limit.ADDRESS].within
    people.report(now=later, server="late.example", network_address="192.0.2.7")
    assert marks()[-1] == []


def test_the_address_stands_in_a_row_that_can_be_erased(anna):
    (incident,) = ordered(1, network_address="2001:db8::7")
    touch = NetworkTouch.objects.get(report__incident=incident)
    assert (touch.address, touch.purpose) == ("2001:db8::7", "order")
    touch.delete()
    assert incident.reports.count() == 1


def test_the_board_warns_of_a_storm_and_of_one_source(anna):
    assert storm(NIGHT) is None
    ordered(REPORTS[Limit.ADDRESS].most + 1, network_address="192.0.2.7")
    warned = storm(NIGHT)
    assert warned is not None
    assert (warned.reports, warned.marked) == (4, 1)
    page = people.signed_in(anna).get("/desk/").content.decode()
    assert "Storm:" not in page  # It is long past that night.
    assert storm(NIGHT + timedelta(hours=1)) is None


def test_no_number_gets_texts_without_end(anna):
    (incident,) = ordered(1, number="+436641234567")
    for _ in range(TEXTS_TO_A_NUMBER.most + 3):
        tell_customer(incident=incident, purpose=Message.Purpose.TAKEN, now=NIGHT)
    assert incident.messages.count() == TEXTS_TO_A_NUMBER.most
    later = NIGHT + TEXTS_TO_A_NUMBER.within
    tell_customer(incident=incident, purpose=Message.Purpose.TAKEN, now=later)
    assert incident.messages.count() == TEXTS_TO_A_NUMBER.most + 1


def test_who_waits_in_vain_is_told_however_much_was_said_before(anna):
    (incident,) = ordered(1, number="+436641234567")
    for _ in range(TEXTS_TO_A_NUMBER.most):
        tell_customer(incident=incident, purpose=Message.Purpose.TAKEN, now=NIGHT)
    tell_customer(incident=incident, purpose=Message.Purpose.MISSED, now=NIGHT)
    assert incident.messages.filter(purpose=Message.Purpose.MISSED).exists()


def test_a_report_above_the_limits_floods_nobody_even_then(anna):
    (incident,) = ordered(1, number="+436641234567")
    incident.reports.update(above_limits=[Limit.NUMBER.value])
    for _ in range(TEXTS_TO_A_NUMBER.most):
        tell_customer(incident=incident, purpose=Message.Purpose.TAKEN, now=NIGHT)
    tell_customer(incident=incident, purpose=Message.Purpose.MISSED, now=NIGHT)
    assert not incident.messages.filter(purpose=Message.Purpose.MISSED).exists()
    assert incident.timeline.filter(code="no_way_to_tell").exists()
