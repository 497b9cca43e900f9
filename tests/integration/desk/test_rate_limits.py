"""An administrator sets the rate limits; none can be set away, and none is lost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client

from emergency.models import AuditEntry, OperatorProfile, RateLimit, Report
from emergency.operator_facts import kept, limit_in_force
from emergency.queries.storm import storm
from emergency.rules.limits import DEFAULTS, Ordinary, bounded, highest
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.public.pages import text_of

PAGE = "/desk/operator/limits/"


@pytest.fixture
def omar(desk: Desk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    kept.forget()
    yield people.signed_in(people.administrator())
    kept.forget()


def _save(client: Client, **typed: str):
    """As a browser sends the page back, with these inputs changed."""
    form = client.get(PAGE).context["form"]
    known = {name: form[name].value() for name in form.fields}
    shown = {name: "" if value is None else value for name, value in known.items()}
    return client.post(PAGE, shown | typed)


def _number(key: str, most: int, minutes: int) -> dict[str, str]:
    return {f"{key}-most": str(most), f"{key}-minutes": str(minutes)}


def test_a_limit_that_is_set_holds_for_the_next_report_and_is_on_record(
    omar: Client, desk: Desk
) -> None:
    assert _save(omar, **_number("reports-number", 1, 5)).status_code == 302
    for one in ("a.example", "b.example"):
        people.report(now=desk.clock.now, server=one, number="+436641234567")
    marked = list(Report.objects.order_by("pk").values_list("above_limits", flat=True))
    assert marked == [[], ["number"]]
    found = storm(desk.clock.now)
    assert found is not None
    assert found.marked == 1
    entry = AuditEntry.objects.get(code="limit_changed")
    assert entry.subject == "limit:reports-number"
    assert (entry.values["most"], entry.values["minutes"]) == (1, 5)
    audit = omar.get("/desk/audit/").content.decode()
    assert "A rate limit changed." in audit


def test_a_change_is_a_new_version_and_the_products_own_comes_back(
    omar: Client, desk: Desk
) -> None:
    _save(omar, **_number("texts-number", 2, 60))
    assert limit_in_force("texts-number") == Ordinary(most=2, within=timedelta(hours=1))
    desk.clock.pass_time(minutes=1)
    _save(omar, **{"texts-number-most": "", "texts-number-minutes": ""})
    assert limit_in_force("texts-number") == DEFAULTS["texts-number"]
    rows = list(RateLimit.objects.order_by("pk").values_list("most", "minutes"))
    assert rows == [(2, 60), (None, None)]
    # Sent again nothing is written again.
    _save(omar)
    assert RateLimit.objects.count() == 2
    assert "the product's own again" in text_of(omar.get(PAGE))


def test_no_limit_can_be_set_to_none_or_away(omar: Client) -> None:
    for most, minutes in (("0", "60"), (str(highest("pins-address") + 1), "60")):
        answer = _save(omar, **_number("pins-address", int(most), int(minutes)))
        assert 'aria-invalid="true"' in answer.content.decode()
    half = _save(omar, **{"pins-address-most": "5"})
    assert "Enter both numbers, or leave both empty." in text_of(half)
    assert not RateLimit.objects.exists()
    away = Ordinary(most=10**9, within=timedelta(0))
    assert bounded("pins-address", away) == Ordinary(
        most=highest("pins-address"), within=timedelta(minutes=1)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        RateLimit.objects.create(
            key="pins-address",
            most=0,
            minutes=5,
            valid_from=people.NIGHT,
            staff=people.administrator("Zoe Adler"),
        )


def test_who_sets_over_a_version_they_have_not_read_is_told(omar: Client) -> None:
    _save(omar, **_number("texts-number", 2, 60))
    stale = {**_number("texts-number", 3, 60), "texts-number-based_on": ""}
    answer = _save(omar, **stale)
    assert "Somebody saved another version meanwhile" in text_of(answer)
    assert RateLimit.objects.count() == 1


def test_a_database_that_is_away_leaves_the_last_known_limits_in_force(
    omar: Client, monkeypatch
) -> None:
    OperatorProfile.objects.create(name="Nordlicht", valid_from=people.NIGHT)
    _save(omar, **_number("links-address", 7, 30))
    seven = Ordinary(most=7, within=timedelta(minutes=30))
    assert limit_in_force("links-address") == seven

    def away(*_question, **_how):
        raise OperationalError("the database is away")

    monkeypatch.setattr("emergency.operator_facts._read", away)
    kept.until = 0.0
    assert limit_in_force("links-address") == seven
    # A process that starts now knows the copy on disk.
    kept.forget()
    assert limit_in_force("links-address") == seven
    assert limit_in_force("texts-number") == DEFAULTS["texts-number"]
    # Without a copy the product's own hold.
    monkeypatch.setattr("emergency.operator_facts.last_copy", away)
    monkeypatch.setattr("emergency.operator_facts._last_good", kept.operator.__class__)
    kept.forget()
    assert limit_in_force("links-address") == DEFAULTS["links-address"]


def test_a_reading_that_fails_does_not_cost_the_order_its_transaction(
    omar: Client, desk: Desk, monkeypatch
) -> None:
    def broken(_now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("emergency.operator_facts._read", broken)
    with transaction.atomic():
        kept.forget()
        people.report(now=desk.clock.now, network_address="192.0.2.7")
    assert Report.objects.count() == 1
