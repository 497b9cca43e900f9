"""A passkey alone signs in: one touch for whoever was woken."""

import json
from typing import Any

import pytest
from django.test import Client

from emergency.models import Staff
from tests import people
from tests.authenticator import Key, by_password, options_on
from tests.integration.desk.conftest import Desk
from tests.integration.desk.signing_in import is_in

pytestmark = pytest.mark.usefixtures("strict_sign_in")


@pytest.fixture
def anna(desk: Desk) -> Staff:
    return desk.anna.staff


def _with_passkey(person: Staff) -> Key:
    key = Key()
    client = by_password(person, people.PASSWORD)
    options = options_on(client.get("/desk/security/passkey/").content.decode())
    made = {"credential": json.dumps(key.create(options))}
    client.post("/desk/security/passkey/", made)
    return key


def _asked(client: Client) -> dict[str, Any]:
    """What a script of the sign-in page is told to ask the passkey."""
    answer = client.get("/desk/login/passkey/", headers={"accept": "application/json"})
    options: dict[str, Any] = answer.json()["request_options"]
    return options


def test_a_passkey_alone_lets_in_where_its_device_made_sure_who_holds_it(
    anna, desk: Desk
) -> None:
    key = _with_passkey(anna)
    client = people.stranger()
    assert "data-passkey-ask" in client.get("/desk/login/").content.decode()
    options = _asked(client)
    assert options["publicKey"]["userVerification"] == "required"
    signed = {
        "credential": json.dumps(key.get(options, owner=anna)),
        "next": "/desk/roster/",
        "trust": "1",
    }
    answer = client.post("/desk/login/passkey/", signed)
    assert answer.headers["Location"] == "/desk/roster/"
    assert is_in(client)
    assert anna.trusted_devices.count() == 1
    # An answer is good for its own challenge alone.
    again = people.stranger()
    _asked(again)
    again.post("/desk/login/passkey/", signed)
    assert not is_in(again)


def test_a_passkey_that_anybody_could_hold_or_that_is_not_theirs_does_not_let_in(
    anna, desk: Desk
) -> None:
    key = _with_passkey(anna)
    for made in (
        lambda options: key.get(options, owner=anna, checked=False),
        lambda options: key.get(options),
        lambda options: key.get(options, owner=desk.eva),
        lambda options: Key().get(options, owner=anna),
        lambda _options: {"response": "no answer"},
        lambda _options: ["no answer"],
    ):
        client = people.stranger()
        signed = {"credential": json.dumps(made(_asked(client)))}
        answer = client.post("/desk/login/passkey/", signed, follow=True)
        assert "This passkey does not sign anybody in here." in answer.content.decode()
        assert not is_in(client)


def test_a_passkey_outlives_no_access(anna, desk: Desk) -> None:
    key = _with_passkey(anna)
    Staff.objects.filter(pk=anna.pk).update(is_active=False)
    client = people.stranger()
    signed = {"credential": json.dumps(key.get(_asked(client), owner=anna))}
    client.post("/desk/login/passkey/", signed)
    assert not is_in(client)
