"""Administrators say where servers are found; staff see the links at the incident."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from emergency.models import AuditEntry, LinkTemplate, ServerAlias
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.public.pages import text_of

PAGE = "/desk/links/"
INVENTORY = "https://inventory.example/{account}/{server}?id={external_id}"
SET = {"inventory": INVENTORY, "monitoring": "https://m.example/{address}"}


@pytest.fixture
def omar(desk: Desk) -> Client:
    return people.signed_in(people.administrator())


def test_the_links_stand_at_the_incident_and_the_account(
    omar: Client, desk: Desk
) -> None:
    assert omar.post(PAGE, SET).status_code == 302
    server = desk.customer.server
    server.name, server.external_id = 'web"01 &<x>.example', "a/b?c"
    server.save()
    ServerAlias.objects.create(server=server, kind="domain", value="shop.example")
    incident = people.report(now=desk.clock.now, server="shop.example")
    link = (
        'href="https://inventory.example/10042/web%2201%20%26%3Cx%3E.example'
        '?id=a%2Fb%3Fc" target="_blank" rel="noopener noreferrer"'
    )
    anna = people.signed_in(desk.anna)
    page = anna.get(f"/desk/i/{incident.reference}/").content.decode()
    assert link in page
    # It has no address: nothing would be asked for.
    assert "https://m.example" not in page
    assert link in anna.get("/desk/accounts/10042/").content.decode()


def test_a_server_that_nobody_knows_has_no_link(omar: Client, desk: Desk) -> None:
    omar.post(PAGE, SET)
    incident = people.report(now=desk.clock.now, server="unknown.example")
    page = people.signed_in(desk.anna).get(f"/desk/i/{incident.reference}/")
    assert "inventory.example" not in page.content.decode()


def test_a_change_is_a_version_and_stands_in_the_audit(
    omar: Client, desk: Desk
) -> None:
    omar.post(PAGE, SET)
    rows = {row.kind: row.pk for row in LinkTemplate.objects.all()}
    desk.clock.pass_time(minutes=1)
    based = {f"{kind}_based_on": pk for kind, pk in rows.items()}
    omar.post(PAGE, {**SET, **based, "inventory": ""})
    in_force = {
        row.kind: row.template for row in LinkTemplate.objects.in_force(desk.clock.now)
    }
    assert in_force == {"inventory": "", "monitoring": SET["monitoring"]}
    assert LinkTemplate.objects.count() == 3
    assert AuditEntry.objects.filter(code="link_changed").count() == 3
    assert "no link" in text_of(omar.get(PAGE))


def test_what_somebody_else_saved_is_not_overwritten(omar: Client) -> None:
    omar.post(PAGE, SET)
    answer = omar.post(PAGE, {"inventory": "https://other.example/"})
    assert answer.status_code == 422
    assert "Somebody saved another version meanwhile." in text_of(answer)
    assert LinkTemplate.objects.count() == 2


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("http://a.example/{server}", "A link begins with https://."),
        ("javascript:alert(1)", "A link begins with https://."),
        ("https://{server}/", "Places may stand after the host only."),
        ("https://a.example/{nothing}", "Places are {server}, {address}, {account}"),
    ],
)
def test_what_is_no_link_is_refused_beside_its_input(
    omar: Client, template, said
) -> None:
    answer = omar.post(PAGE, {"console": template})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not LinkTemplate.objects.exists()


def test_a_version_is_never_changed(omar: Client) -> None:
    omar.post(PAGE, SET)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LinkTemplate.objects.update(template="https://evil.example/")
