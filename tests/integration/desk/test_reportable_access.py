"""Cases that may have to be reported: every desk role flags and reads, whoever answers
to an authority enters, nobody else comes in."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from emergency import reportable_urls
from emergency.actions import reportable
from emergency.models import AuditEntry, ReportableFact
from tests import people
from tests.integration.desk.conftest import Desk

NAMES = [str(pattern.name) for pattern in reportable_urls.urlpatterns]
READ_ONLY = {"reportable", "reportable_case"}
FOR_THE_WHOLE_DESK = READ_ONLY | {"reportable_flag"}


@pytest.fixture
def address(desk: Desk):
    """The addresses, with a case that is open."""
    now = desk.clock.now
    incident = people.report(now=now)
    case = reportable.flag(
        incident_id=incident.pk, kind="outage", staff=desk.eva, now=now
    )
    known = {
        "case_id": case.pk,
        "reference": incident.reference,
        "step": "early_warning",
    }

    def find(name: str, **other: object) -> str:
        pattern = next(p for p in reportable_urls.urlpatterns if p.name == name)
        wanted = pattern.pattern.converters
        values = {key: (known | other)[key] for key in wanted}
        return reverse(f"emergency:{name}", kwargs=values)

    return find


def state() -> tuple[int, int]:
    """What these addresses may change."""
    return ReportableFact.objects.count(), AuditEntry.objects.exclude(
        via="database"
    ).count()


def asked(client: Client, name: str, path: str):
    return client.get(path) if name in READ_ONLY else client.post(path)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_comes_in_and_no_wrong_method_changes_anything(
    name, address, desk: Desk
) -> None:
    path = address(name)
    accountant, administrator = people.accountant(), people.administrator()
    before = state()
    led = asked(people.stranger(), name, path)
    assert led.status_code == 302
    assert led.headers["Location"].startswith("/desk/login/")
    assert asked(people.signed_in(accountant), name, path).status_code == 403
    technicians = asked(people.signed_in(desk.anna), name, path).status_code
    assert (technicians == 403) is (name not in FOR_THE_WHOLE_DESK)
    client = people.signed_in(administrator)
    wrong = client.post(path) if name in READ_ONLY else client.get(path)
    assert wrong.status_code == 405
    unsigned = Client(enforce_csrf_checks=True)
    unsigned.force_login(administrator)
    if name not in READ_ONLY:
        assert unsigned.post(path, {"kind": "outage"}).status_code == 403
    assert state() == before


@pytest.mark.parametrize("who", ["anna", "eva", "administrator"])
def test_every_desk_role_reads_both_pages(who, address, desk: Desk) -> None:
    person = people.administrator() if who == "administrator" else getattr(desk, who)
    client = people.signed_in(person)
    for name in sorted(READ_ONLY):
        answer = client.get(address(name))
        assert answer.status_code == 200
        offered = b"Done now" in answer.content
        assert offered is (who != "anna")


def test_what_does_not_exist_is_not_found(address, desk: Desk) -> None:
    client = people.signed_in(desk.eva)
    for name in set(NAMES) - {"reportable"}:
        nowhere = address(name, case_id=999_999, reference="NF-0000-0000")
        assert asked(client, name, nowhere).status_code == 404, name
    # Of another kind of case, and of none.
    for step in ("data_breach", "applause"):
        for name in ("reportable_step", "reportable_waive"):
            assert client.post(address(name, step=step)).status_code == 404


def test_every_address_names_its_roles() -> None:
    for pattern in reportable_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        wanted = {"duty_manager", "administrator"}
        if pattern.name in FOR_THE_WHOLE_DESK:
            wanted |= {"technician"}
        assert getattr(pattern.callback, "roles", None) == wanted, pattern.name
