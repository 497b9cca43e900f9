"""Contacts and support PIN of an account, kept by duty managers and administrators."""

import re

import pytest
from django.urls import URLPattern, reverse

from emergency import contact_urls
from emergency.models import Account, Contact, SupportPin
from emergency.views.access import ACCOUNT_ROLES
from tests import people
from tests.integration.desk.conftest import Desk

PAGE = "/desk/accounts/10042/"
NEW = {
    "name": "Ana Neu",
    "email": "ana@example.com",
    "phone_number": "0664 123 45 67",
    "language": "en",
}


def paths(desk: Desk) -> list[str]:
    values = {"number": "10042", "contact_id": desk.customer.contact.pk}
    found = []
    for pattern in contact_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        kwargs = {k: values[k] for k in pattern.pattern.converters}
        found.append(reverse(f"emergency:{pattern.name}", kwargs=kwargs))
    return found


def test_the_pin_is_shown_once_and_only_to_who_made_it(desk: Desk) -> None:
    client = people.signed_in(desk.eva)
    shown = client.post(f"{PAGE}pin/")
    found = re.search(r">(\d{4} \d{4})<", shown.content.decode())
    assert found
    assert shown.headers["Cache-Control"] == "private, no-store"
    later = client.get(PAGE).content.decode()
    assert found.group(1) not in later
    assert "by Eva Winter" in later
    client.post(f"{PAGE}pin/revoke/")
    assert not SupportPin.objects.current().exists()


def test_kind_and_language_of_an_account_are_set(desk: Desk) -> None:
    client = people.signed_in(desk.eva)
    answer = client.post(f"{PAGE}facts/", {"kind": "consumer", "language": "en"})
    assert answer.status_code == 302
    account = Account.objects.get(number="10042")
    assert (account.kind, account.language) == ("consumer", "en")
    refused = client.post(f"{PAGE}facts/", {"kind": "robot", "language": "en"})
    assert refused.status_code == 422
    account.refresh_from_db()
    assert account.kind == "consumer"


def test_a_contact_is_put_on_file_and_taken_off(desk: Desk) -> None:
    client = people.signed_in(desk.eva)
    client.post(f"{PAGE}contacts/", NEW)
    contact = Contact.objects.get(name="Ana Neu")
    assert contact.phone_number == "+436641234567"
    assert "Ana Neu" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}contacts/{contact.pk}/retire/")
    assert "Ana Neu" not in client.get(PAGE).content.decode()
    # The same address is the same person again.
    client.post(f"{PAGE}contacts/", NEW | {"name": "Ana Alt"})
    contact.refresh_from_db()
    assert (contact.name, contact.retired_at) == ("Ana Alt", None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "", "phone_number": ""}, "an e-mail address or a phone number"),
        ({"phone_number": "call me"}, "no number that can be called"),
        ({"email": "nothing"}, "valid email"),
        ({"name": ""}, "required"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_kept(
    desk: Desk, changes: dict[str, str], said: str
) -> None:
    answer = people.signed_in(desk.eva).post(f"{PAGE}contacts/", NEW | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert Contact.objects.count() == 1


def test_nobody_else_changes_who_speaks_for_an_account(desk: Desk) -> None:
    for pattern in contact_urls.urlpatterns:
        roles = getattr(pattern.callback, "roles", None)
        assert roles == frozenset(ACCOUNT_ROLES)
    anna = people.signed_in(desk.anna)
    for path in paths(desk):
        assert anna.post(path).status_code == 403
        assert people.stranger().post(path).status_code == 302
        assert people.signed_in(desk.eva).get(path).status_code == 405
    assert not SupportPin.objects.exists()
    assert "Make a PIN" not in anna.get(PAGE).content.decode()


def test_a_contact_of_another_account_cannot_be_reached(desk: Desk) -> None:
    people.customer("20011", "Andere GmbH", "db01.example")
    foreign = f"/desk/accounts/20011/contacts/{desk.customer.contact.pk}/retire/"
    assert people.signed_in(desk.eva).post(foreign).status_code == 404
