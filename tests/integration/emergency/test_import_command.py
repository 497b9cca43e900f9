"""Lists come by command and every night, from files and addresses that may be asked."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from emergency.actions.nightly_import import run_due
from emergency.models import Account, AccountImport, AccountImportFile, AuditEntry
from status.sources.http import Limits
from tests.integration.emergency.test_account_import import LIST, imported, many
from tests.integration.status.page_server import Answer, page_server
from tests.people import NIGHT

pytestmark = pytest.mark.django_db


def command(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_accounts", *arguments, "--json", stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_the_command_says_first_what_it_would_change(file: Path) -> None:
    said = command(str(file), "--dry-run")
    assert said["counts"]["account"]["added"] == 2
    assert said["changes"][0]["name"] == "Muster Handel GmbH"
    assert not Account.objects.exists()
    assert not AccountImport.objects.exists()


def test_the_command_imports_and_names_bad_rows_in_words(file: Path) -> None:
    file.write_text(LIST.replace("192.0.2.7", "nonsense"), encoding="utf-8")
    said = command(str(file))
    assert (said["status"], said["problem_count"]) == ("done", 1)
    assert said["problems"][0]["text"] == (
        "“address” is no IP address. It says “nonsense”."
    )
    out = StringIO()
    call_command("import_accounts", str(file), stdout=out)
    assert "3: “address” is no IP address." in out.getvalue()


def test_the_command_stops_where_the_brake_does(file: Path) -> None:
    imported(many(50))
    with pytest.raises(CommandError, match="confirm at the desk") as caught:
        command(str(file))
    assert caught.value.returncode == 3
    assert command(str(file), "--confirm")["status"] == "done"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "ACCOUNTS_IMPORT_URL"),
        (["/nowhere/list.csv"], "cannot be read"),
        (["http://lists.example/a.csv"], "not https"),
        (["https://127.0.0.1:9/a.csv"], "not on the open network"),
        (["https://[::ffff:10.0.0.1]/a.csv"], "not on the open network"),
    ],
)
def test_a_source_that_may_not_be_asked_is_refused(arguments, said) -> None:
    with pytest.raises(CommandError, match=said):
        command(*arguments)


@pytest.fixture
def lists(settings):
    """A host of the operator's that hands out the list."""
    with page_server(Answer(body=LIST.encode())) as page:
        settings.ACCOUNTS_IMPORT_URL = f"{page.url}?key=secret"
        settings.ACCOUNTS_IMPORT_TOKEN = "bearer-of-the-list"
        settings.ACCOUNTS_IMPORT_ALLOW_HOST = page.url.split("/")[2]
        yield page


def test_the_command_asks_the_address_of_the_settings(lists) -> None:
    assert command()["status"] == "done"
    assert lists.requests[0]["Authorization"] == "Bearer bearer-of-the-list"
    assert "secret" not in AccountImport.objects.get().source


def test_the_secret_goes_to_no_other_address(lists) -> None:
    other = lists.url.replace("summary", "other")
    command(other)
    assert "Authorization" not in lists.requests[0]
    lists.answer = Answer(302, {"Location": lists.url})
    with pytest.raises(CommandError, match="do not follow"):
        command()
    assert len(lists.requests) == 2


def test_a_list_that_is_too_large_is_not_read_to_its_end(lists, monkeypatch) -> None:
    small = Limits(size=len(LIST) - 1, redirects=0)
    monkeypatch.setattr("emergency.outbound.LIST_LIMITS", small)
    with pytest.raises(CommandError, match="larger than 20 MB"):
        command()


HALF_PAST_FOUR = NIGHT.replace(hour=3, minute=30)


def ran(at: datetime) -> AccountImport:
    run = run_due(clock=lambda: at)
    assert run is not None
    return run


def test_every_night_one_run_is_due_and_the_next_is_planned(lists) -> None:
    assert run_due(clock=lambda: NIGHT) is None
    planned = AccountImport.objects.get()
    assert (planned.status, planned.due_at) == ("due", HALF_PAST_FOUR)
    assert run_due(clock=lambda: NIGHT) is None
    assert lists.requests == []
    run = run_due(clock=lambda: HALF_PAST_FOUR)
    assert run is not None
    assert (run.pk, run.status, run.origin) == (planned.pk, "done", "nightly")
    assert Account.objects.count() == 2
    following = AccountImport.objects.get(status="due")
    assert following.due_at == HALF_PAST_FOUR + timedelta(days=1)
    assert run_due(clock=lambda: HALF_PAST_FOUR) is None
    assert AuditEntry.objects.get(code="accounts_imported").via == "engine"


def test_a_night_that_failed_is_tried_again_within_the_hour(lists) -> None:
    run_due(clock=lambda: NIGHT)
    lists.answer = Answer(503)
    run = run_due(clock=lambda: HALF_PAST_FOUR)
    assert run is not None
    assert (run.status, run.failure) == ("failed", "http_503")
    again = AccountImport.objects.get(status="due").due_at
    assert again == HALF_PAST_FOUR + timedelta(hours=1)
    lists.answer = Answer(body=LIST.encode())
    assert ran(again).status == "done"


def test_a_night_that_broke_is_told_and_tried_again(lists, monkeypatch) -> None:
    run_due(clock=lambda: NIGHT)

    def broken(*_args, **_values):
        raise RuntimeError

    monkeypatch.setattr("emergency.actions.account_import.write", broken)
    run = ran(HALF_PAST_FOUR)
    assert (run.status, run.failure) == ("failed", "broken")
    assert not Account.objects.exists()
    again = AccountImport.objects.get(status="due").due_at
    assert again == HALF_PAST_FOUR + timedelta(hours=1)


def test_a_run_whose_worker_died_is_taken_over(lists) -> None:
    run_due(clock=lambda: NIGHT)
    AccountImport.objects.update(
        status="running", lease_until=HALF_PAST_FOUR + timedelta(minutes=5)
    )
    assert run_due(clock=lambda: HALF_PAST_FOUR) is None
    later = HALF_PAST_FOUR + timedelta(minutes=6)
    assert ran(later).status == "done"


def test_only_the_newest_stopped_night_waits(lists) -> None:
    imported(many(50))
    run_due(clock=lambda: NIGHT)
    first = ran(HALF_PAST_FOUR)
    second = ran(HALF_PAST_FOUR + timedelta(days=1))
    assert (first.status, second.status) == ("stopped", "stopped")
    first.refresh_from_db()
    assert first.status == "discarded"
    assert AccountImportFile.objects.count() == 1


def test_without_an_address_nothing_is_planned() -> None:
    assert run_due(clock=lambda: NIGHT) is None
    assert not AccountImport.objects.exists()
