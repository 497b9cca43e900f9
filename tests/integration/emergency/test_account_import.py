"""Accounts and servers are imported: again and again, and not too much at once."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from emergency.actions import account_import
from emergency.actions.account_import import Listed, confirm, import_list, preview
from emergency.actions.contacts import retire_contact
from emergency.actions.refusal import Refused
from emergency.models import (
    Account,
    AccountImport,
    AccountImportFile,
    AuditEntry,
    Contact,
    Server,
    ServerAlias,
)
from tests import people
from tests.people import NIGHT

pytestmark = pytest.mark.django_db

HEAD = (
    "record,account,external_id,name,kind,language,standing,address,aliases,contract,"
    "components,email,phone\n"
)
LIST = (
    HEAD + "account,10042,crm-7,Muster Handel GmbH,business,de,good,,,,,,\n"
    "server,10042,inv-9,web01.example,,,,192.0.2.7,shop.example;S-1001,V-1,Wien,,\n"
    "contact,10042,c-1,Pat Muster,,en,,,,,,pat@example.com,0664 1234567\n"
    "account,10043,crm-8,Zwei KG,consumer,en,overdue,,,,,,\n"
    "server,10043,inv-10,db01.example,,,,,,,,,\n"
)
CONFIRMED = {"confirmed": True, "origin": "command"}


def listed(text: str, **more) -> Listed:
    return Listed(content=text.encode(), source="list.csv", **more)


def imported(text: str, *, confirmed: bool = False, now=NIGHT, **more) -> AccountImport:
    return import_list(
        listed=listed(text, **more), origin="command", confirmed=confirmed, now=now
    )


def test_the_first_list_makes_the_rows() -> None:
    run = imported(LIST)
    account = Account.objects.get(number="10042")
    assert (account.external_id, account.kind, account.standing) == (
        "crm-7", "business", "good",
    )  # fmt: skip
    server = account.servers.get()
    assert (server.address, server.contract_reference) == ("192.0.2.7", "V-1")
    assert server.status_components == ["Wien"]
    assert set(server.aliases.values_list("kind", "value")) == {
        ("domain", "shop.example"),
        ("service", "s-1001"),
    }
    contact = account.contacts.get()
    assert (contact.phone_number, contact.language, contact.imported) == (
        "+436641234567", "en", True,
    )  # fmt: skip
    assert (run.status, run.problem_count, len(run.digest)) == ("done", 0, 64)
    assert run.counts["server"]["added"] == 2
    entry = AuditEntry.objects.get(code="accounts_imported")
    assert (entry.via, entry.subject) == ("command", f"import:{run.pk}")


def test_the_same_list_again_writes_nothing(django_assert_max_num_queries) -> None:
    imported(LIST)
    before = AuditEntry.objects.exclude(code="accounts_imported").count()
    with django_assert_max_num_queries(25):
        run = imported(LIST)
    assert {n["same"] for n in run.counts.values() if isinstance(n, dict)} == {1, 2}
    assert AuditEntry.objects.exclude(code="accounts_imported").count() == before
    assert ServerAlias.objects.count() == 2


def test_changes_are_written_and_each_stands_in_the_audit() -> None:
    imported(LIST)
    changed = LIST.replace("crm-7,Muster", "crm-7,Neuer").replace(
        "shop.example;S-1001", "laden.example"
    )
    imported(changed.replace("10042", "20042"), confirmed=True)
    account = Account.objects.get(external_id="crm-7")
    assert (account.number, account.name) == ("20042", "Neuer Handel GmbH")
    assert [one.value for one in ServerAlias.objects.all()] == ["laden.example"]
    entry = AuditEntry.objects.get(code="account_changed")
    assert (entry.subject, entry.values["fields"]) == (
        "account:20042", ["name", "number"],
    )  # fmt: skip


def test_good_rows_are_taken_and_bad_ones_are_named_by_line() -> None:
    bad = LIST.replace("192.0.2.7", "192.0.2.700").replace("0664 1234567", "call me")
    run = imported(bad + "server,999,,x.example,,,,,,,,,\n")
    assert Account.objects.count() == 2
    assert [(p["place"], p["code"]) for p in run.problems] == [
        ("3", "bad_address"), ("4", "bad_phone"), ("7", "unknown_account"),
    ]  # fmt: skip
    assert run.problems[0]["value"] == "192.0.2.700"
    assert "call me" not in json.dumps(run.problems)


def test_what_the_list_no_longer_names_is_retired_and_speaks_for_nobody() -> None:
    imported(LIST)
    kept = "".join(LIST.splitlines(keepends=True)[:4])
    run = imported(kept, confirmed=True)
    gone = Account.objects.get(number="10043")
    assert gone.retired_at == NIGHT
    assert gone.servers.get().retired_at == NIGHT
    assert run.counts["account"]["retired"] == 1
    imported(LIST, now=NIGHT + timedelta(days=1))
    assert Account.objects.get(number="10043").retired_at is None
    assert AuditEntry.objects.filter(code="account_back").count() == 1


def test_a_part_of_a_list_retires_nothing() -> None:
    imported(LIST)
    imported("".join(LIST.splitlines(keepends=True)[:2]), partial=True)
    assert not Account.objects.filter(retired_at__isnull=False).exists()


def many(count: int, name: str = "srv") -> str:
    rows = [f"server,1,i-{n},{name}{n}.example,,,,,,,,,\n" for n in range(count)]
    return HEAD + "account,1,a-1,Eins,,,,,,,,,\n" + "".join(rows)


def test_too_many_changes_at_once_wait_for_a_person() -> None:
    imported(many(50))
    run = imported(many(44))
    assert run.status == "stopped"
    assert Server.objects.filter(retired_at__isnull=True).count() == 50
    assert AuditEntry.objects.filter(code="import_stopped").count() == 1
    eva = people.duty_manager()
    confirm(run_id=run.pk, fingerprint=run.fingerprint, staff=eva, now=NIGHT)
    run.refresh_from_db()
    assert (run.status, run.confirmed_by) == ("done", eva)
    assert Server.objects.filter(retired_at__isnull=True).count() == 44
    assert not AccountImportFile.objects.exists()
    with pytest.raises(Refused) as refused:
        confirm(run_id=run.pk, fingerprint=run.fingerprint, staff=eva, now=NIGHT)
    assert refused.value.code == "import_decided"


def test_the_share_that_stops_is_a_setting(settings) -> None:
    imported(many(50))
    settings.ACCOUNTS_IMPORT_BRAKE_PERCENT = 20
    assert imported(many(44)).status == "done"


def test_what_is_confirmed_is_what_was_shown() -> None:
    eva = people.duty_manager()
    run = preview(listed=listed(LIST), staff=eva, now=NIGHT)
    assert (run.status, Account.objects.count()) == ("preview", 0)
    Account.objects.create(number="10042", name="Somebody was faster")
    with pytest.raises(Refused) as refused:
        confirm(run_id=run.pk, fingerprint=run.fingerprint, staff=eva, now=NIGHT)
    assert refused.value.code == "import_changed"
    assert Account.objects.count() == 1


def test_a_list_that_cannot_be_read_is_a_run_that_failed() -> None:
    run = imported("number;name\n1;x\n")
    assert (run.status, run.failure) == ("failed", "no_header")


def test_two_imports_do_not_run_at_once(monkeypatch) -> None:
    class Taken:
        def __enter__(self):
            return self

        def __exit__(self, *_args):
            return None

        def execute(self, *_args):
            return None

        def fetchone(self):
            return (False,)

    monkeypatch.setattr(connection, "cursor", Taken)
    with pytest.raises(Refused) as refused:
        account_import._lock()
    assert refused.value.code == "import_running"


def test_who_was_taken_off_at_the_desk_stays_off() -> None:
    imported(LIST)
    contact = Contact.objects.get()
    retire_contact(contact_id=contact.pk, staff=people.duty_manager(), now=NIGHT)
    run = imported(LIST)
    contact.refresh_from_db()
    assert contact.retired_at == NIGHT
    assert [problem["code"] for problem in run.problems] == ["taken_off"]
