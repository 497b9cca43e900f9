"""Administrators let colleagues in and out; passwords are chosen by their owners."""

import re

import pytest
from django.test import Client

from emergency.models import AuditEntry, Message, Role, Staff, Technician
from emergency.queries.roster import able
from tests import people
from tests.authenticator import by_password
from tests.integration.desk.conftest import Desk
from tests.integration.desk.signing_in import is_in
from tests.integration.public.pages import text_of

PAGE = "/desk/colleagues/"
NEW = {
    "full_name": "Nina Wolf",
    "email": "Nina@Example.com",
    "role": "technician",
    "language": "en",
    "first_name": "Nina",
}
GOOD = "a-word-nobody-knows-7"


@pytest.fixture
def omar(desk: Desk) -> Staff:
    return people.administrator()


@pytest.fixture
def office(omar: Staff) -> Client:
    return people.signed_in(omar)


def _way(answer) -> str:
    found = re.search(r'class="feed">https?://[^/]+(/[^<]+)<', answer.content.decode())
    assert found, text_of(answer)
    return found[1]


def _changed(person: Staff, **changes: str) -> dict[str, str]:
    known = {
        "full_name": person.full_name,
        "role": person.role,
        "language": person.language,
        "first_name": person.full_name.split()[0],
        "may_sign_in": "on",
    }
    return {name: value for name, value in (known | changes).items() if value}


def test_a_new_technician_chooses_a_password_and_can_be_put_on_the_roster(
    office: Client, omar: Staff, desk: Desk
) -> None:
    answer = office.post(f"{PAGE}add/", NEW)
    nina = Staff.objects.get(email="nina@example.com")
    assert (nina.role, nina.has_usable_password()) == ("technician", False)
    assert nina.technician in able()
    way = _way(answer)
    # Shown once, and stored nowhere.
    assert way not in office.get(PAGE).content.decode()
    chosen = people.stranger().post(way, {"password": GOOD})
    assert chosen.headers["Location"] == "/desk/login/"
    assert is_in(by_password(nina, GOOD))
    assert people.stranger().get(way).status_code == 404
    entry = AuditEntry.objects.get(code="colleague_added")
    assert (entry.staff, entry.subject) == (omar, f"staff:{nina.pk}")


def test_whoever_may_not_sign_in_any_more_is_out_at_once_and_never_paged(
    office: Client, desk: Desk
) -> None:
    bernd = desk.bernd.staff
    signed_in = people.signed_in(desk.bernd)
    assert is_in(signed_in)
    answer = office.post(f"{PAGE}{bernd.pk}/", _changed(bernd, may_sign_in=""))
    assert answer.status_code == 302
    assert not is_in(signed_in)
    assert desk.bernd not in able()
    assert "may not sign in" in text_of(office.get(PAGE))
    office.post(f"{PAGE}{bernd.pk}/", _changed(bernd))
    assert desk.bernd in able()
    changes = AuditEntry.objects.filter(code="colleague_changed").order_by("pk")
    assert [one.values["may_sign_in"] for one in changes] == [False, True]


def test_a_role_is_changed_and_what_it_opens_with_it(
    office: Client, desk: Desk
) -> None:
    anna = desk.anna.staff
    office.post(f"{PAGE}{anna.pk}/", _changed(anna, role="duty_manager"))
    anna.refresh_from_db()
    assert anna.role == Role.DUTY_MANAGER
    assert people.signed_in(anna).get("/desk/operator/").status_code == 200


def test_nobody_locks_themselves_out(office: Client, omar: Staff) -> None:
    for changes in ({"role": "technician"}, {"may_sign_in": ""}):
        answer = office.post(f"{PAGE}{omar.pk}/", _changed(omar, **changes))
        assert "Nobody takes away or changes their own rights." in text_of(answer)
    omar.refresh_from_db()
    assert (omar.role, omar.is_active) == ("administrator", True)


def test_an_address_is_one_persons(office: Client, desk: Desk) -> None:
    taken = NEW | {"email": desk.anna.staff.email.upper()}
    answer = office.post(f"{PAGE}add/", taken)
    assert answer.status_code == 422
    assert "Somebody signs in with this address already." in text_of(answer)
    auditor = office.post(f"{PAGE}add/", NEW | {"role": "auditor"})
    assert auditor.status_code == 422
    assert not Staff.objects.filter(full_name="Nina Wolf").exists()


def test_a_forgotten_password_is_chosen_anew_and_told_by_mail(
    office: Client, desk: Desk
) -> None:
    anna = desk.anna.staff
    before = people.signed_in(anna)
    way = _way(office.post(f"{PAGE}{anna.pk}/password/"))
    # Until then the old one counts.
    assert is_in(by_password(anna, people.PASSWORD))
    way = _way(office.post(f"{PAGE}{anna.pk}/password/"))
    assert people.stranger().post(way, {"password": "1"}).status_code == 200
    people.stranger().post(way, {"password": GOOD})
    assert not is_in(before)
    assert is_in(by_password(anna, GOOD))
    assert Message.objects.filter(staff=anna, purpose="own_sign_in").exists()
    assert AuditEntry.objects.filter(code="password_offered").count() == 2
    assert AuditEntry.objects.filter(code="password_changed").count() == 1


def test_whoever_was_paged_stays_a_technician(office: Client, desk: Desk) -> None:
    anna = desk.anna.staff
    answer = office.post(f"{PAGE}{anna.pk}/", _changed(anna, first_name=""))
    assert answer.status_code == 422
    assert Technician.objects.get(staff=anna).first_name == "Anna"
