"""Staff show a second factor; an emergency does not wait for it."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from emergency.models import AuditEntry, Staff
from tests import people
from tests.authenticator import Key, app_set_up, by_password, options_on
from tests.integration.desk.conftest import Desk
from tests.integration.desk.signing_in import at_second_step, is_in, with_app

pytestmark = pytest.mark.usefixtures("strict_sign_in")


@pytest.fixture
def anna(desk: Desk) -> Staff:
    return desk.anna.staff


def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(
    anna, desk: Desk
) -> None:
    client = by_password(anna, people.PASSWORD)
    answer = client.get("/desk/accounts/?q=web")
    assert answer.headers["Location"] == "/desk/security/"
    page = client.get("/desk/security/").content.decode()
    assert "Everybody here needs a second factor." in page
    app_set_up(client, desk.clock.now)
    page = client.get("/desk/security/").content.decode()
    assert '<a href="/desk/accounts/?q=web">Go on to where you were</a>' in page


def test_what_changes_something_waits_for_the_set_up_too(anna) -> None:
    client = by_password(anna, people.PASSWORD)
    answer = client.post("/desk/mail/1/dismiss/")
    assert answer.headers["Location"] == "/desk/security/"


def test_an_emergency_is_taken_and_called_back_without_a_second_factor(
    anna, desk: Desk
) -> None:
    incident = people.report(now=desk.clock.now)
    client = by_password(anna, people.PASSWORD)
    root = f"/desk/i/{incident.reference}/"
    assert is_in(client)
    assert client.get(root).status_code == 200
    client.post(f"{root}take/")
    incident.refresh_from_db()
    assert incident.owner == desk.anna
    client.post(f"{root}attempt/", {"outcome": "reached"})
    incident.refresh_from_db()
    assert incident.reached_at is not None
    # What can wait waits.
    assert client.post(f"{root}time/").headers["Location"].startswith("/desk/security/")


def test_after_the_set_up_everything_opens_and_codes_are_kept_back(anna, desk) -> None:
    client = by_password(anna, people.PASSWORD)
    _app, codes = app_set_up(client, desk.clock.now)
    assert len(set(codes)) == 10
    assert client.get("/desk/accounts/").status_code == 200
    stored = Authenticator.objects.get(user=anna, type="totp").data["secret"]
    assert not re.fullmatch(r"[A-Z2-7=]+", stored)
    added = AuditEntry.objects.filter(code="factor_added", staff=anna).order_by("pk")
    assert [one.values["kind"] for one in added] == ["totp", "recovery_codes"]


def test_a_wrong_first_code_sets_nothing_up(anna, desk: Desk) -> None:
    client = by_password(anna, people.PASSWORD)
    client.get("/desk/security/app/")
    answer = client.post("/desk/security/app/", {"code": "000000"})
    assert "This code does not fit." in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_password_and_code_let_in_and_each_code_once(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    client = at_second_step(anna)
    code = app.code(desk.clock.now)
    answer = client.post("/desk/login/second/", {"code": code})
    assert answer.headers["Location"] == "/desk/"
    assert is_in(client)
    again = at_second_step(anna).post("/desk/login/second/", {"code": code})
    assert "This code does not fit." in again.content.decode()


def test_whoever_stands_at_the_second_step_can_begin_anew(anna, desk: Desk) -> None:
    with_app(anna, desk)
    client = at_second_step(anna)
    back = client.get("/desk/login/")
    assert back.headers["Location"] == "/desk/login/second/"
    client.post("/desk/logout/")
    typed = {"username": desk.eva.email, "password": people.PASSWORD}
    client.post("/desk/login/", typed)
    assert is_in(client)


def test_a_code_of_yesterday_does_not_let_in(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    old = app.code(desk.clock.now)
    desk.clock.pass_time(minutes=5)
    client = at_second_step(anna)
    client.post("/desk/login/second/", {"code": old})
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(anna, desk: Desk) -> None:
    _app, codes = with_app(anna, desk)
    first, second = at_second_step(anna), at_second_step(anna)
    typed = f"{codes[3][:4]} {codes[3][4:]}"
    first.post("/desk/login/second/", {"code": typed})
    second.post("/desk/login/second/", {"code": codes[3]})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "9 codes left" in first.get("/desk/security/").content.decode()


def test_the_wanted_page_opens_after_the_second_step(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    client = people.stranger()
    client.post(
        "/desk/login/",
        {
            "username": anna.email.upper(),
            "password": people.PASSWORD,
            "next": "/desk/roster/",
        },
    )
    answer = client.post("/desk/login/second/", {"code": app.code(desk.clock.now)})
    assert answer.headers["Location"] == "/desk/roster/"


def test_a_passkey_is_added_and_lets_in(anna, desk: Desk) -> None:
    key = Key()
    client = by_password(anna, people.PASSWORD)
    options = options_on(client.get("/desk/security/passkey/").content.decode())
    made = {"credential": json.dumps(key.create(options)), "name": "Blue key"}
    answer = client.post("/desk/security/passkey/", made)
    assert answer.headers["Location"] == "/desk/security/codes/"
    assert "Blue key" in client.get("/desk/security/").content.decode()

    second = at_second_step(anna)
    options = options_on(second.get("/desk/login/second/").content.decode())
    foreign = {"credential": json.dumps(Key().get(options))}
    assert (
        "not accepted" in second.post("/desk/login/second/", foreign).content.decode()
    )
    options = options_on(second.get("/desk/login/second/").content.decode())
    signed = {"credential": json.dumps(key.get(options))}
    assert second.post("/desk/login/second/", signed).headers["Location"] == "/desk/"
    assert is_in(second)
    # An answer is good for its own challenge alone.
    third = at_second_step(anna)
    third.get("/desk/login/second/")
    third.post("/desk/login/second/", signed)
    assert not is_in(third)


def test_a_passkey_confirms_who_somebody_is(anna, desk: Desk) -> None:
    key = Key()
    client = by_password(anna, people.PASSWORD)
    options = options_on(client.get("/desk/security/passkey/").content.decode())
    client.post(
        "/desk/security/passkey/", {"credential": json.dumps(key.create(options))}
    )
    desk.clock.pass_time(minutes=16)
    page = client.get("/desk/security/codes/", follow=True).content.decode()
    signed = json.dumps(key.get(options_on(page)))
    there = {"credential": signed, "next": "/desk/security/codes/"}
    answer = client.post("/desk/security/confirm/", there)
    assert answer.headers["Location"] == "/desk/security/codes/"
    assert client.get("/desk/security/codes/").status_code == 200


def test_where_it_is_optional_a_password_is_enough(anna, settings) -> None:
    settings.STAFF_MFA = "optional"
    client = by_password(anna, people.PASSWORD)
    assert client.get("/desk/accounts/").status_code == 200


def test_guessing_ends_for_five_minutes_and_only_there(anna, desk: Desk) -> None:
    for _ in range(5):
        by_password(anna, "wrong")
    client = people.stranger()
    typed = {"username": anna.email, "password": people.PASSWORD}
    answer = client.post("/desk/login/", typed)
    assert "Wait five minutes" in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/desk/login/", typed).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(cache_key, ' ') FROM emergency_cache")
        (kept,) = cursor.fetchone()
    assert "login_failed" in kept
    assert not any(word in kept for word in ("127.0.0.1", "203.0.113.9", "anna"))
    desk.clock.pass_time(minutes=5, seconds=1)
    assert people.stranger().post("/desk/login/", typed).status_code == 302


@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
def test_a_refusal_does_not_say_whether_the_address_is_known(email, anna) -> None:
    answers = [
        people.stranger()
        .post("/desk/login/", {"username": email, "password": "wrong"})
        .content.decode()
        for _ in range(6)
    ]
    first, last = answers[0], answers[5]
    assert "E-mail address and password do not fit together." in first
    assert "That was wrong too often." in last


def test_codes_cannot_be_guessed_either(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    client = at_second_step(anna)
    for number in range(5):
        client.post("/desk/login/second/", {"code": f"00000{number}"})
    right = {"code": app.code(desk.clock.now)}
    answer = client.post("/desk/login/second/", right)
    assert "Wait five minutes" in answer.content.decode()
    desk.clock.pass_time(minutes=5, seconds=1)
    assert (
        at_second_step(anna)
        .post("/desk/login/second/", {"code": app.code(desk.clock.now)})
        .status_code
        == 302
    )


def test_the_back_room_has_no_door_of_its_own(anna, desk: Desk) -> None:
    answer = people.stranger().get("/admin/")
    led = people.stranger().get(answer.headers["Location"])
    assert led.headers["Location"] == "/desk/login/?next=/admin/"
    omar = people.administrator()
    typed = {"username": omar.email, "password": people.PASSWORD}
    client = people.stranger()
    assert client.post("/admin/login/", typed).status_code == 302
    assert "_auth_user_id" not in client.session
    without = by_password(omar, people.PASSWORD)
    assert without.get("/admin/").headers["Location"].startswith("/desk/security/")


def test_an_ended_access_is_not_asked_for_a_code(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    client = at_second_step(anna)
    Staff.objects.filter(pk=anna.pk).update(
        access_until=desk.clock.now + timedelta(seconds=1)
    )
    desk.clock.pass_time(minutes=1)
    client.post("/desk/login/second/", {"code": app.code(desk.clock.now)})
    assert not is_in(client)


@pytest.mark.parametrize(
    "path",
    [
        *("signup/", "password/reset/", "email/", "social/connections/"),
        *("login/code/", "2fa/", "confirm-email/"),
    ],
)
def test_nothing_else_of_the_library_is_open(path) -> None:
    for root in ("/desk/", "/accounts/", "/desk/security/"):
        assert people.stranger().get(f"{root}{path}").status_code == 404
