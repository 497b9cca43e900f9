"""Several servers in one report, and a second number to call."""

import pytest

from emergency.models import Incident, Report
from emergency.queries.dialling import numbers_of
from emergency.rules.free_text import named_apart
from tests import people
from tests.integration.public.pages import check, order, read, text_of

SECOND = {"second_number": "+49 (0)30 / 23125-102", "second_name": "Büro"}


def test_each_server_stands_as_typed_and_shows_on_every_page(customer):
    checked = check(customer, server_name=" web01.example; db01.example,web01.example ")
    assert "web01.example, db01.example" in text_of(checked)
    answer = order(customer, checked)
    report = Report.objects.get()
    assert [one.typed for one in report.servers.order_by("pk")] == [
        "web01.example",
        "db01.example",
    ]
    page = text_of(customer.get(answer.headers["Location"]))
    assert "web01.example, db01.example" in page
    desk = people.signed_in(people.duty_manager())
    heading = read(desk.get(f"/desk/i/{report.incident.reference}/")).first("h1").text
    assert "web01.example, db01.example" in " ".join(heading.split())


def test_a_report_of_some_of_the_servers_joins_and_one_with_another_does_not(customer):
    order(customer, check(customer, server_name="web01.example, db01.example"))
    order(customer, check(customer, server_name="DB01.example."))
    assert Report.objects.filter(joined=True).count() == 1
    # A server that nobody was paged for waits for pages of its own.
    order(customer, check(customer, server_name="mail.example, db01.example"))
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (", ".join(f"web{number}.example" for number in range(21)), "höchstens 20"),
        ("a.example, " + "b" * 254, "auf 253 Zeichen"),
    ],
)
def test_too_many_and_too_long_names_are_refused_beside_the_field_and_kept(
    customer, typed, words
):
    answer = check(customer, server_name=typed)
    assert words in text_of(answer)
    assert read(answer).values()["server_name"] == typed


def test_names_that_were_never_named_are_none():
    assert named_apart(" , ;\n,") == []
    assert named_apart("der\u200b Webserver,x") == ["der Webserver", "x"]


def test_the_second_number_is_shown_as_typed_and_as_dialled_and_called(customer):
    checked = check(customer, **SECOND)
    page = text_of(checked)
    assert "+493023125102" in page
    assert "+49 (0)30 / 23125-102" in page
    assert "Büro" in page
    order(customer, checked)
    report = Report.objects.get()
    added = report.added_numbers.get()
    assert (str(added.number), added.name) == ("+493023125102", "Büro")
    assert numbers_of(report) == ["+436641234567", "+493023125102"]
    codes = list(report.incident.timeline.order_by("pk").values_list("code", flat=True))
    assert codes[:2] == ["reported", "number_added"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0664 1234567", "wieder die erste Nummer"),
        ("0900 123456", "Mehrwertnummern"),
        ("12", "zu kurz"),
        ("\x00 abc", "Buchstaben"),
    ],
)
def test_a_second_number_obeys_the_same_rules(customer, typed, words):
    answer = check(customer, second_number=typed)
    assert words in text_of(answer)
    assert '<details class="more" open>' in text_of(answer)
    assert not Report.objects.exists()
