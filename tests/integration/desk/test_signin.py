"""Staff sign in, land where they work, and sign out by a POST."""

import json

import pytest

from tests import people
from tests.integration.desk.conftest import Desk


def sign_in(email: str, password: str = people.PASSWORD, **more: str):
    client = people.stranger()
    answer = client.post(
        "/desk/login/", {"username": email, "password": password, **more}
    )
    return client, answer


def test_a_technician_lands_at_the_board(desk: Desk) -> None:
    _, answer = sign_in("anna@example.com")
    assert answer.headers["Location"] == "/desk/"


def test_accounting_lands_in_billing(desk: Desk) -> None:
    people.accountant()
    _, answer = sign_in("ines@example.com")
    assert answer.headers["Location"] == "/billing/"


def test_after_signing_in_the_wanted_page_opens(desk: Desk) -> None:
    led = people.stranger().get("/desk/accounts/?q=web")
    assert led.headers["Location"] == "/desk/login/?next=/desk/accounts/%3Fq%3Dweb"
    _, answer = sign_in("anna@example.com", next="/desk/accounts/?q=web")
    assert answer.headers["Location"] == "/desk/accounts/?q=web"


def test_nobody_is_led_to_a_foreign_site(desk: Desk) -> None:
    _, answer = sign_in("anna@example.com", next="https://elsewhere.example/")
    assert answer.headers["Location"] == "/desk/"


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(desk: Desk) -> None:
    _, answer = sign_in("anna@example.com", "wrong")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "do not fit together" in page
    assert 'value="anna@example.com"' in page
    assert 'aria-invalid="true"' in page


def test_the_pages_speak_the_language_of_the_person(desk: Desk) -> None:
    desk.anna.staff.language = "de"
    desk.anna.staff.save()
    client, _ = sign_in("anna@example.com")
    assert '<html lang="de">' in client.get("/desk/").content.decode()


def test_the_language_can_be_switched_and_stays(desk: Desk) -> None:
    client, _ = sign_in("anna@example.com")
    client.post("/i18n/setlang/", {"language": "de", "next": "/desk/"})
    assert '<html lang="de">' in client.get("/desk/").content.decode()


def test_signing_out_needs_a_post(desk: Desk) -> None:
    client = people.signed_in(desk.anna)
    assert client.get("/desk/logout/").status_code == 405
    assert client.get("/desk/").status_code == 200
    client.post("/desk/logout/")
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("demo", [True, False])
def test_logins_are_shown_in_the_demo_only(
    desk: Desk, settings, tmp_path, demo
) -> None:
    settings.DEMO, settings.DATA_DIR = demo, tmp_path
    (tmp_path / "run").mkdir()
    row = {"role": "Technician", "email": "demo@example.com", "password": "shown"}
    (tmp_path / "run" / "logins.json").write_text(json.dumps([row]))
    page = people.stranger().get("/desk/login/").content.decode()
    assert ("demo@example.com" in page) is demo


@pytest.mark.parametrize("content", [None, "", "{}", '[{"role": 1}]', "[3]"])
def test_a_broken_file_of_logins_breaks_nothing(
    desk: Desk, settings, tmp_path, content
) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    if content is not None:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "logins.json").write_text(content)
    assert people.stranger().get("/desk/login/").status_code == 200
