"""Staff come by the company's own sign-in, if there is one; nobody else does."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.checks import run_checks
from django.test import Client

from emergency.models import AuditEntry, Staff
from tests import people
from tests.authenticator import app_set_up, by_password
from tests.integration.desk.conftest import Desk
from tests.openid_provider import CLIENT, SECRET, Provider, running_provider

BEGIN = "/desk/login/with/company/"
ANNA = {
    "sub": "4711",
    "email": "Anna@example.com",
    "email_verified": True,
    "name": "Anna Berger",
    "picture": "https://pictures.example/anna",
}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with running_provider() as provider:
        app = {
            "provider_id": "company",
            "name": "Company",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        provider.person = dict(ANNA)
        yield provider


def come_back(provider: Provider, path: str = BEGIN) -> tuple[Client, str]:
    """A browser that went to the company's sign-in and came back; where it is led."""
    client = people.stranger()
    sent = client.get(path)
    there = urlsplit(sent.headers["Location"])
    assert f"{there.scheme}://{there.netloc}" == provider.url
    back = provider.authorize(dict(parse_qsl(there.query)))
    assert back.startswith("http://testserver/desk/login/with/company/answer/")
    answer = client.get(back.removeprefix("http://testserver"))
    assert answer.status_code == 302
    return client, str(answer.headers["Location"])


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def test_staff_are_known_by_a_verified_address_and_then_by_their_key(
    provider, desk: Desk
) -> None:
    client, there = come_back(provider)
    assert (there, is_in(client)) == ("/desk/", True)
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.uid, kept.extra_data) == (desk.anna.staff, "4711", {})
    assert not SocialToken.objects.exists()
    assert AuditEntry.objects.get(code="identity_linked").staff == desk.anna.staff
    Staff.objects.filter(pk=desk.anna.staff.pk).update(email="a.berger@example.com")
    again, _there = come_back(provider)
    assert is_in(again)
    assert SocialAccount.objects.get().extra_data == {}


def test_the_wanted_page_opens(provider, desk: Desk) -> None:
    page = people.stranger().get("/desk/login/?next=/desk/roster/").content.decode()
    assert "Sign in with Company" in page
    _client, there = come_back(provider, f"{BEGIN}?next=/desk/roster/")
    assert there == "/desk/roster/"


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "stranger@example.com"},
        {"email_verified": False},
        {"email": ""},
    ],
)
def test_nobody_else_gets_in_and_nobody_is_made(provider, changes, desk) -> None:
    provider.person |= changes
    before = Staff.objects.count()
    client, there = come_back(provider)
    assert there == "/desk/login/"
    assert (
        "Nobody signs in here with this address." in client.get(there).content.decode()
    )
    assert not is_in(client)
    assert Staff.objects.count() == before


def test_another_key_with_the_same_address_takes_nobody_over(provider, desk) -> None:
    come_back(provider)
    provider.person["sub"] = "0815"
    client, there = come_back(provider)
    assert (there, is_in(client)) == ("/desk/login/", False)


def test_an_ended_access_opens_nothing(provider, desk: Desk) -> None:
    Staff.objects.filter(pk=desk.anna.staff.pk).update(is_active=False)
    client, _there = come_back(provider)
    assert not is_in(client)


def test_our_second_factor_is_asked_too(provider, desk: Desk, strict_sign_in) -> None:
    app, _codes = app_set_up(
        by_password(desk.anna.staff, people.PASSWORD), desk.clock.now
    )
    desk.clock.pass_time(minutes=1)
    client, there = come_back(provider)
    assert (there, is_in(client)) == ("/desk/login/second/", False)
    client.post(there, {"code": app.code(desk.clock.now)})
    assert is_in(client)


def test_a_provider_that_is_away_leaves_the_password(provider, desk: Desk) -> None:
    provider.is_broken = True
    client = people.stranger()
    answer = client.get(BEGIN)
    assert answer.headers["Location"] == "/desk/login/"
    assert "Use your password." in client.get("/desk/login/").content.decode()


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state=x", "?code=x&state=y"]
)
def test_an_answer_that_nobody_asked_for_opens_nothing(provider, query, desk) -> None:
    client = people.stranger()
    answer = client.get(f"{BEGIN}answer/{query}")
    assert answer.headers["Location"] == "/desk/login/"
    assert not is_in(client)


def test_without_it_there_is_no_such_door(desk: Desk) -> None:
    assert people.stranger().get(BEGIN).status_code == 404
    assert people.stranger().get(f"{BEGIN}answer/").status_code == 404
    assert BEGIN not in people.stranger().get("/desk/login/").content.decode()


@pytest.mark.parametrize(
    ("oidc", "found"),
    [
        ({}, set()),
        ({"issuer": "https://login.example"}, {"emergency.E040"}),
        (
            {"issuer": "http://login.example", "client_id": "a", "client_secret": "b"},
            {"emergency.E041"},
        ),
        (
            {"issuer": "https://login.example", "client_id": "a", "client_secret": "b"},
            set(),
        ),
    ],
)
def test_what_cannot_work_is_said_with_a_hint(settings, oidc, found) -> None:
    nothing = {"issuer": "", "client_id": "", "client_secret": "", "name": "Company"}
    settings.OIDC = nothing | oidc
    ours = [
        one for one in run_checks() if one.id in {"emergency.E040", "emergency.E041"}
    ]
    assert {one.id for one in ours} == found
    assert all(one.hint for one in ours)


def test_a_public_installation_as_open_as_the_demonstration_is_named(settings) -> None:
    settings.PUBLIC_BASE_URL = "https://support.example"
    settings.STAFF_MFA, settings.STAFF_REAUTH_MINUTES = "optional", 0
    wanted = {"emergency.W040", "emergency.W041"}
    assert wanted <= {one.id for one in run_checks()}
    settings.STAFF_MFA, settings.STAFF_REAUTH_MINUTES = "required", 15
    assert not wanted & {one.id for one in run_checks()}
