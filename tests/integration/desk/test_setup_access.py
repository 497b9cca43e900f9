"""Imports, links, audit, figures and drills are open to whoever sets up the house,
and to nobody else."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from emergency import setup_urls
from emergency.actions.account_import import Listed, preview
from emergency.models import AccountImport, AuditEntry, LinkTemplate
from tests import people
from tests.integration.desk.conftest import Desk

NAMES = [str(pattern.name) for pattern in setup_urls.urlpatterns]
READ_ONLY = {"accounts_import", "accounts_import_run", "audit", "promise"}
BOTH = {"links", "drill", "operator_limits"}
ADMINISTRATORS_ALONE = {"links", "operator_limits"}
LIST = b"record,account,name\naccount,1,A\n"


@pytest.fixture
def address(desk: Desk):
    """The addresses, with a run that waits."""
    run = preview(
        listed=Listed(content=LIST, source="a.csv"), staff=desk.eva, now=desk.clock.now
    )

    def find(name: str) -> str:
        pattern = next(p for p in setup_urls.urlpatterns if p.name == name)
        wanted = pattern.pattern.converters
        return reverse(f"emergency:{name}", kwargs=dict.fromkeys(wanted, run.pk))

    return find


def state() -> tuple[object, ...]:
    """What these addresses may change."""
    return (
        list(AccountImport.objects.values_list("status", flat=True)),
        AuditEntry.objects.exclude(via="database").count(),
        LinkTemplate.objects.count(),
    )


def asked(client: Client, name: str, path: str):
    return client.get(path) if name in READ_ONLY else client.post(path)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_who_is_not_signed_in_sees_or_changes_anything(name, address) -> None:
    path, before = address(name), state()
    answer = asked(people.stranger(), name, path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/login/")
    assert state() == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["anna", "accountant"])
def test_neither_technicians_nor_accounting_come_here(
    name, who, address, desk: Desk
) -> None:
    path = address(name)
    person = desk.anna if who == "anna" else people.accountant()
    before = state()
    assert asked(people.signed_in(person), name, path).status_code == 403
    assert state() == before


@pytest.mark.parametrize("name", sorted(ADMINISTRATORS_ALONE))
def test_a_duty_manager_edits_no_links(name, address, desk: Desk) -> None:
    assert people.signed_in(desk.eva).get(address(name)).status_code == 403


@pytest.mark.parametrize("name", sorted(READ_ONLY | BOTH))
def test_whoever_may_reads_every_page(name, address, desk: Desk) -> None:
    path = address(name)
    assert people.signed_in(people.administrator()).get(path).status_code == 200
    if name not in ADMINISTRATORS_ALONE:
        assert people.signed_in(desk.eva).get(path).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_method_changes_nothing(name, address) -> None:
    path = address(name)
    client = people.signed_in(people.administrator())
    before = state()
    if name in BOTH:
        answer = client.put(path)
    else:
        answer = client.post(path) if name in READ_ONLY else client.get(path)
    assert answer.status_code == 405
    assert state() == before


@pytest.mark.parametrize("name", [n for n in NAMES if "run" in n or "confirm" in n])
def test_a_run_that_does_not_exist_is_not_found(name, desk: Desk) -> None:
    path = reverse(f"emergency:{name}", kwargs={"run_id": 999_999})
    assert asked(people.signed_in(desk.eva), name, path).status_code == 404


@pytest.mark.parametrize("name", sorted(set(NAMES) - READ_ONLY))
def test_a_form_without_its_token_changes_nothing(name, address) -> None:
    path = address(name)
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.administrator())
    before = state()
    assert client.post(path, {"fingerprint": "x"}).status_code == 403
    assert state() == before


def test_every_address_names_its_roles() -> None:
    for pattern in setup_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        wanted = {"administrator"}
        if pattern.name not in ADMINISTRATORS_ALONE:
            wanted |= {"duty_manager"}
        assert getattr(pattern.callback, "roles", None) == wanted, pattern.name
