"""Duty managers and administrators import accounts at the desk: look, then confirm."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emergency.actions.account_import import Listed, import_list
from emergency.actions.erasing import purge
from emergency.models import Account, AccountImport, AuditEntry
from emergency.sources.base import MOST_BYTES
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.public.pages import text_of
from tests.people import NIGHT

PAGE = "/desk/accounts/import/"
LIST = """record,account,name,standing
account,10042,Muster Handel GmbH,good
server,10042,web01.example,
contact,10042,Pat Muster,
account,10043,Zwei KG,
account,10/44,Drei OG,
"""


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def upload(client: Client, text: str = LIST, **more: str):
    file = SimpleUploadedFile("accounts.csv", text.encode())
    return client.post(f"{PAGE}upload/", {"file": file, **more})


def fingerprint(client: Client, path: str) -> str:
    found = re.search(
        r'name="fingerprint" value="(\w+)"', client.get(path).content.decode()
    )
    assert found
    return found[1]


def test_a_list_is_shown_before_it_is_imported(eva: Client, desk: Desk) -> None:
    answer = upload(eva)
    run = AccountImport.objects.get()
    path = f"{PAGE}{run.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    page = text_of(eva.get(path))
    assert "What it would change" in page
    assert "Zwei KG" in page
    assert "2 rows are not taken" in page
    assert "A contact needs an e-mail address or a phone number." in page
    assert "An account number has at most 32 letters" in page
    assert "It says “10/44”." in page
    assert not Account.objects.filter(number="10043").exists()
    told = eva.post(f"{path}confirm/", {"fingerprint": fingerprint(eva, path)})
    assert told.status_code == 302
    page = text_of(eva.get(path))
    assert "What it changed" in page
    assert "Eva Winter" in page
    desk.customer.account.refresh_from_db()
    assert desk.customer.account.standing == "good"
    entry = AuditEntry.objects.get(code="accounts_imported")
    assert (entry.staff, entry.via) == (desk.eva, "desk")
    assert "accounts.csv" in text_of(eva.get(PAGE))


def test_what_was_not_shown_is_not_imported(eva: Client) -> None:
    upload(eva)
    run = AccountImport.objects.get()
    answer = eva.post(
        f"{PAGE}{run.pk}/confirm/", {"fingerprint": "something else"}, follow=True
    )
    assert "Accounts have changed since this was shown." in text_of(answer)
    assert not Account.objects.filter(number="10043").exists()


def test_a_discarded_list_changes_nothing_and_is_decided(eva: Client) -> None:
    upload(eva)
    run = AccountImport.objects.get()
    mark = fingerprint(eva, f"{PAGE}{run.pk}/")
    eva.post(f"{PAGE}{run.pk}/discard/")
    answer = eva.post(f"{PAGE}{run.pk}/confirm/", {"fingerprint": mark}, follow=True)
    assert "Somebody has decided about this import already." in text_of(answer)
    assert Account.objects.count() == 1


def test_a_list_that_retires_too_much_says_so_first(eva: Client, desk: Desk) -> None:
    people.customer("10043", "Zwei KG", "web02.example")
    upload(eva, "record,account,name\naccount,10044,Drei OG\n")
    run = AccountImport.objects.get()
    page = text_of(eva.get(f"{PAGE}{run.pk}/"))
    assert "More than 10 % of the accounts, servers, contacts would change" in page
    assert "stopped by the brake" in page
    upload(eva, "record,account,name\naccount,10044,Drei OG\n", partial="on")
    page = text_of(eva.get(f"{PAGE}{run.pk + 1}/"))
    assert "would change or be retired" not in page
    assert "only a part" in page


def test_what_the_brake_stopped_elsewhere_is_told_on_the_accounts(
    eva: Client, desk: Desk
) -> None:
    people.customer("10043", "Zwei KG", "web02.example")
    import_list(
        listed=Listed(content=b"record,account,name\naccount,1,A\n", source="n.csv"),
        origin="nightly",
        confirmed=False,
        now=NIGHT,
    )
    said = "1 import waits for somebody to look at it."
    assert said in text_of(eva.get("/desk/accounts/"))
    assert said not in text_of(people.signed_in(desk.anna).get("/desk/accounts/"))


def test_a_list_that_cannot_be_read_says_where(eva: Client) -> None:
    path = upload(eva, "record,account,colour\nx,y,z\n").headers["Location"]
    page = text_of(eva.get(path))
    assert "The list has a column that is not known. At 1. Nothing was changed." in page


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "Choose a file."), (b"", "This file is empty."), (MOST_BYTES + 1, "20 MB")],
)
def test_what_is_no_list_is_refused_beside_its_input(
    eva: Client, content, said
) -> None:
    data = {}
    if content is not None:
        size = content if isinstance(content, int) else len(content)
        data["file"] = SimpleUploadedFile("a.csv", b"x" * size)
    answer = eva.post(f"{PAGE}upload/", data)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not AccountImport.objects.exists()


def test_the_page_tells_where_the_nightly_list_comes_from(
    eva: Client, settings
) -> None:
    assert "No address is set" in text_of(eva.get(PAGE))
    settings.ACCOUNTS_IMPORT_URL = "https://crm.example/list.csv?key=secret"
    page = text_of(eva.get(PAGE))
    assert "https://crm.example/list.csv" in page
    assert "secret" not in page


def test_a_run_whose_file_was_purged_waits_no_more(eva: Client, desk: Desk) -> None:
    path = upload(eva).headers["Location"]
    assert purge(now=NIGHT + timedelta(days=91))["AccountImportFile"] == 1
    # Sessions are purged, too.
    eva = people.signed_in(desk.eva)
    page = eva.get(path)
    assert page.status_code == 200
    assert 'name="fingerprint"' not in page.content.decode()
    assert "waits for somebody" not in text_of(eva.get("/desk/accounts/"))
    told = eva.post(f"{path}confirm/", {"fingerprint": "x"}, follow=True)
    assert "Somebody has decided about this import already." in text_of(told)


def test_standing_and_aliases_stand_on_the_page_of_the_account(eva: Client) -> None:
    upload(
        eva,
        "record,account,name,standing,external_id,aliases,contract\n"
        "account,10042,Muster Handel GmbH,overdue,crm-7,,\n"
        "server,10042,web01.example,,inv-9,shop.example;S-1001,V-12\n",
        partial="on",
    )
    run = AccountImport.objects.get()
    mark = fingerprint(eva, f"{PAGE}{run.pk}/")
    eva.post(f"{PAGE}{run.pk}/confirm/", {"fingerprint": mark})
    page = text_of(eva.get("/desk/accounts/10042/"))
    for said in ("Overdue", "crm-7", "shop.example", "s-1001", "contract V-12"):
        assert said in page
