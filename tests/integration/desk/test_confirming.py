"""Money, roster and exports ask again who somebody is; an emergency never does."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emergency.models import AuditEntry, Contact, Override, Schedule
from emergency.views import confirming
from tests import people
from tests.authenticator import app_set_up, by_password
from tests.integration.desk.conftest import Desk

CONFIRM = "/desk/security/confirm/"


@pytest.fixture(autouse=True)
def _a_password_is_enough(strict_sign_in, settings) -> None:
    settings.STAFF_MFA = "optional"


@pytest.fixture
def eva(desk: Desk) -> Client:
    """The duty manager, signed in sixteen minutes ago."""
    client = by_password(desk.eva, people.PASSWORD)
    desk.clock.pass_time(minutes=16)
    return client


def contact_form(number: str = "10042") -> tuple[str, dict[str, str]]:
    typed = {
        "name": "Kim Neu",
        "email": "kim@muster.example",
        "phone_number": "",
        "language": "de",
    }
    return f"/desk/accounts/{number}/contacts/", typed


def asked_for(there: str) -> str:
    return f"{CONFIRM}?{urlencode({'next': there})}"


def confirm(client: Client, there: str, **typed: str):
    return client.post(asked_for(there), {"next": there, **typed})


def test_right_after_the_sign_in_nobody_is_asked(desk: Desk) -> None:
    client = by_password(desk.eva, people.PASSWORD)
    path, typed = contact_form()
    assert client.post(path, typed).headers["Location"].startswith("/desk/accounts/")
    assert Contact.objects.filter(name="Kim Neu").exists()


def test_what_was_typed_is_carried_out_once_confirmed(eva, desk: Desk) -> None:
    path, typed = contact_form()
    answer = eva.post(path, typed)
    assert answer.headers["Location"] == asked_for(path)
    assert not Contact.objects.filter(name="Kim Neu").exists()
    page = eva.get(answer.headers["Location"]).content.decode()
    assert "What you typed is kept" in page
    assert "Kim Neu" not in page
    wrong = confirm(eva, path, password="wrong")
    assert "This is not your password." in wrong.content.decode()
    assert not Contact.objects.filter(name="Kim Neu").exists()
    done = confirm(eva, path, password=people.PASSWORD)
    assert done.status_code == 302
    assert done.headers["Location"].startswith("/desk/accounts/10042/")
    entry = AuditEntry.objects.get(code="contact_added")
    assert entry.staff == desk.eva
    # Once: the next time it is asked for anew.
    desk.clock.pass_time(minutes=16)
    confirm(eva, path, password=people.PASSWORD)
    assert Contact.objects.filter(name="Kim Neu").count() == 1


def test_a_form_in_error_stands_there_with_what_was_typed(eva, desk: Desk) -> None:
    schedule = Schedule.objects.get()
    path = f"/desk/roster/{schedule.pk}/override/"
    eva.post(path, {"technician": desk.bernd.pk, "starts_at": "never"})
    page = confirm(eva, path, password=people.PASSWORD).content.decode()
    assert 'aria-invalid="true"' in page
    assert not Override.objects.exists()


def test_a_code_of_the_app_confirms_too_and_then_fifteen_minutes_long(
    eva, desk: Desk
) -> None:
    confirm(eva, "/desk/security/app/", password=people.PASSWORD)
    app, _codes = app_set_up(eva, desk.clock.now)
    desk.clock.pass_time(minutes=16)
    path, typed = contact_form()
    eva.post(path, typed)
    confirm(eva, path, code="000000")
    assert not Contact.objects.filter(name="Kim Neu").exists()
    confirm(eva, path, code=app.code(desk.clock.now))
    assert Contact.objects.filter(name="Kim Neu").exists()
    desk.clock.pass_time(minutes=14)
    again = {**typed, "name": "Jo Neu", "email": "jo@muster.example"}
    assert eva.post(path, again).headers["Location"].startswith("/desk/accounts/")


def test_nobody_is_asked_before_helping_a_customer(desk: Desk) -> None:
    incident = people.report(now=desk.clock.now)
    client = by_password(desk.anna.staff, people.PASSWORD)
    root = f"/desk/i/{incident.reference}/"
    desk.clock.pass_time(hours=3)
    for path, typed in (
        ("take/", {}),
        ("own-phone/", {}),
        ("attempt/", {"outcome": "no_answer"}),
        ("attempt/", {"outcome": "reached"}),
        ("note/", {"text": "The disk was full."}),
        ("time/", {}),
        ("feedback/", {}),
        ("resolve/", {}),
    ):
        answer = client.post(f"{root}{path}", typed)
        assert CONFIRM not in answer.headers.get("Location", ""), path
    incident.refresh_from_db()
    assert (incident.owner, incident.reached_at) == (desk.anna, desk.clock.now)


def test_an_export_is_offered_after_the_question(eva, desk: Desk) -> None:
    answer = eva.post("/desk/audit/export/", {"area": "reach"})
    assert answer.headers["Location"] == asked_for("/desk/audit/export/")
    page = confirm(eva, "/desk/audit/export/", password=people.PASSWORD)
    assert "Fetch the file" in page.content.decode()
    assert 'name="area" value="reach"' in page.content.decode()
    file = eva.post("/desk/audit/export/", {"area": "reach"})
    assert "attachment" in file.headers["Content-Disposition"]


def test_files_are_chosen_again(eva, desk: Desk) -> None:
    back = "/desk/accounts/import/"
    eva.post(
        "/desk/accounts/import/upload/",
        {"file": SimpleUploadedFile("list.csv", b"number\n1\n")},
        headers={"referer": f"http://testserver{back}"},
    )
    done = confirm(eva, "/desk/accounts/import/upload/", password=people.PASSWORD)
    assert done.headers["Location"] == back
    assert "Please choose them again" in eva.get(back).content.decode()


def test_a_form_that_waited_too_long_is_not_carried_out(eva, desk: Desk) -> None:
    path, typed = contact_form()
    eva.post(path, typed)
    desk.clock.pass_time(minutes=31)
    confirm(eva, path, password=people.PASSWORD)
    assert not Contact.objects.filter(name="Kim Neu").exists()


def test_a_form_too_long_to_wait_is_not_half_carried_out(eva, monkeypatch) -> None:
    monkeypatch.setattr(confirming, "MOST_KEPT", 40)
    path, typed = contact_form()
    eva.post(path, typed)
    confirm(eva, path, password=people.PASSWORD)
    assert not Contact.objects.filter(name="Kim Neu").exists()


def test_another_page_than_the_kept_one_carries_nothing_out(eva) -> None:
    path, typed = contact_form()
    eva.post(path, typed)
    done = confirm(eva, "/desk/roster/", password=people.PASSWORD)
    assert done.headers["Location"] == "/desk/roster/"
    assert not Contact.objects.filter(name="Kim Neu").exists()


def test_whoever_is_signed_in_next_carries_out_nothing_of_another(eva, desk) -> None:
    path, typed = contact_form()
    eva.post(path, typed)
    eva.post("/desk/logout/")
    omar = people.administrator()
    eva.post("/desk/login/", {"username": omar.email, "password": people.PASSWORD})
    confirm(eva, path, password=people.PASSWORD)
    assert not Contact.objects.filter(name="Kim Neu").exists()


def test_nobody_is_led_to_a_foreign_site(eva) -> None:
    done = confirm(eva, "https://elsewhere.example/", password=people.PASSWORD)
    assert done.headers["Location"] == "/desk/"


def test_a_forged_form_does_not_come_to_wait(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.eva)
    path, typed = contact_form()
    assert client.post(path, typed).status_code == 403
    assert confirming.KEPT not in client.session


def test_guessing_the_password_of_an_open_browser_ends_soon(eva) -> None:
    for _ in range(5):
        confirm(eva, "/desk/roster/", password="wrong")
    answer = confirm(eva, "/desk/roster/", password=people.PASSWORD)
    assert "Wait five minutes" in answer.content.decode()


@pytest.mark.parametrize("minutes", [0])
def test_where_it_is_switched_off_nobody_is_asked(eva, settings, minutes) -> None:
    settings.STAFF_REAUTH_MINUTES = minutes
    path, typed = contact_form()
    assert eva.post(path, typed).headers["Location"].startswith("/desk/accounts/")
