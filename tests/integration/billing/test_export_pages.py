"""Exports in accounting's pages."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from billing import tasks
from billing.actions.exporting import make_waiting
from billing.models import ExportRun, ExportSettings
from tests.integration.billing.bookkeeping import (
    NOW,
    a_document,
    a_run,
    bytes_of,
    settled_settings,
)
from tests.integration.billing.conftest import make_staff


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def text(response):
    return " ".join(response.content.decode().split())


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def every_address(run):
    return [
        url("exports"),
        url("new_export"),
        url("export_settings"),
        url("export", run.pk),
        url("export_file", run.pk),
    ]


@pytest.mark.parametrize("role", ["technician", "duty_manager", None])
def test_nobody_but_accounting_sees_or_makes_an_export(documents, role):
    run = a_run("csv")
    client = signed_in(make_staff(role)) if role else Client()
    for address in every_address(run):
        response = client.get(address)
        assert response.status_code == (403 if role else 302), address
        if not role:
            assert response["Location"].startswith(reverse("login"))
    for name in ("new_export", "export_settings"):
        response = client.post(url(name), {"format": "csv"})
        assert response.status_code == (403 if role else 302)
    assert ExportRun.objects.count() == 1


def test_an_administrator_may(documents):
    run = a_run("csv")
    client = signed_in(make_staff("administrator"))
    for address in every_address(run):
        assert client.get(address).status_code == 200, address


def test_an_empty_list_says_what_would_be_here(page):
    assert "Nothing was exported yet." in text(page.get(url("exports")))


CHOSEN = {"format": "bmd", "issued_from": "2026-03-01", "issued_to": "2026-03-31"}


def seen(count="3", gross="244.00"):
    return {"count": count, "gross": gross}


def test_the_preview_shows_sums_and_rows_and_makes_nothing(documents, page):
    settled_settings()
    shown = text(page.get(url("new_export"), CHOSEN))
    assert "3 documents: 203.33 EUR net" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "-244,00" in shown
    assert "Łódź &lt;b&gt;&amp; Söhne&lt;/b&gt; → Lódz" in shown
    assert "Make the file" in shown
    assert not ExportRun.objects.exists()


@pytest.mark.parametrize("name", ExportRun.Format.values)
def test_every_format_has_a_preview(documents, page, name):
    settled_settings()
    shown = text(page.get(url("new_export"), {"format": name}))
    assert "How the file begins" in shown
    assert "RE-2026-00001" in shown


def test_what_is_not_set_is_named_and_leads_to_the_settings(documents, page):
    shown = text(page.get(url("new_export"), CHOSEN))
    assert "The revenue account for tax category S 20 is not set." in shown
    assert url("export_settings") in shown
    assert "Make the file" not in shown
    response = page.post(url("new_export"), CHOSEN | seen(), follow=True)
    assert "is not set" in text(response)
    assert not ExportRun.objects.exists()


def test_from_preview_to_file_by_clicks(documents, page, accountant):
    settled_settings()
    response = page.post(url("new_export"), CHOSEN | seen())
    run = ExportRun.objects.get()
    assert response.url == url("export", run.pk)
    assert (run.requested_by, run.issued_to) == (accountant, date(2026, 3, 31))
    waiting = text(page.get(response.url))
    assert "0 of 3 documents are written" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert page.get(url("export_file", run.pk)).status_code == 404
    assert make_waiting(now=NOW) == 1
    run.refresh_from_db()
    done = text(page.get(response.url))
    assert run.sha256 in done
    assert "2 signs do not exist in Windows-1252" in done
    assert 'http-equiv="refresh"' not in done


def test_the_file_is_handed_out_whole_and_kept_by_nobody(documents, page):
    run = a_run("csv")
    response = page.get(url("export_file", run.pk), headers={"accept-encoding": "gzip"})
    content = response.getvalue()
    assert content == bytes_of(run)
    assert response["Content-Length"] == str(len(content))
    assert (
        f'attachment; filename="documents-{run.pk}.csv"'
        == (response["Content-Disposition"])
    )
    assert "no-store" in response["Cache-Control"]


def test_what_was_issued_since_the_preview_is_shown_before_it_is_exported(
    documents, page
):
    a_document("RE-2026-00003", date(2026, 3, 9))
    settled_settings()
    response = page.post(url("new_export"), CHOSEN | seen(), follow=True)
    shown = text(response)
    assert "others than you have seen" in shown
    assert "4 documents" in shown
    assert not ExportRun.objects.exists()


def test_exporting_again_is_allowed_and_marked(documents, page):
    settled_settings()
    a_run("bmd")
    shown = text(page.get(url("new_export"), CHOSEN))
    assert "3 of these documents are already in an export of this format" in shown
    page.post(url("new_export"), CHOSEN | seen())
    make_waiting(now=NOW)
    again = ExportRun.objects.get(repeated=3)
    assert "Do not import them twice" in text(page.get(url("export", again.pk)))
    assert "3 exported before" in text(page.get(url("exports")))
    fresh = text(page.get(url("new_export"), CHOSEN | {"only_new": "on"}))
    assert "No issued document fits this filter." in fresh


def test_a_document_knows_its_exports(documents, page):
    assert "In no export yet." in text(page.get(url("document", documents[0].pk)))
    run = a_run("xlsx")
    shown = text(page.get(url("document", documents[0].pk)))
    assert url("export", run.pk) in shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"issued_to": "2026-02-01"}, "The last day is before the first."),
        ({"format": "fax"}, "Select a valid choice"),
        ({"issued_from": "soon"}, "Enter a valid date"),
    ],
)
def test_a_filter_that_is_not_understood_is_explained(
    documents, page, changes, message
):
    shown = text(page.get(url("new_export"), CHOSEN | changes))
    assert message in shown
    assert "Make the file" not in shown


def all_settings(page, **changes):
    """What the browser sends after somebody changed something in the form."""
    context = page.get(url("export_settings")).context
    forms = [context["form"], *context["codes"]]
    data = {f.html_name: f.value() for form in forms for f in form}
    sent = {n: v for n, v in data.items() if v is not None and v is not False}
    shown = context["form"]["debtor_exceptions"].field
    sent["debtor_exceptions"] = shown.prepare_value(sent["debtor_exceptions"])
    return {**sent, **changes}


def test_settings_are_versions_and_a_run_keeps_its_own(
    documents, page, accountant, issuer
):
    settled_settings()
    run = a_run("bmd")
    data = all_settings(
        page,
        **{
            "S-20.00-bmd_account": "4099",
            "debtor_exceptions": "K-1001 = 200777",
            "bmd_columns": "konto\ngkto=gkonto\nbelegnr\nbelegdatum\nbetrag\nsteuer",
        },
    )
    response = page.post(url("export_settings"), data)
    assert response.status_code == 302, response.context["form"].errors
    version = ExportSettings.current()
    assert (version.created_by, ExportSettings.objects.count()) == (accountant, 2)
    assert run.settings_id != version.pk
    rows = csv.reader(
        io.StringIO(bytes_of(a_run("bmd")).decode("cp1252")), delimiter=";"
    )
    assert list(rows)[:2] == [
        ["konto", "gkto", "belegnr", "belegdatum", "betrag", "steuer"],
        ["200777", "4099", "RE-2026-00001", "04.03.2026", "244,00", "-40,67"],
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bmd_columns": "konto\nfoo"}, "This column is not known: foo"),
        ({"bmd_columns": "konto"}, "A booking needs these fields, too:"),
        ({"debtor_exceptions": "K-1001"}, "not understood or stands twice: K-1001"),
        ({"datev_consultant": "12"}, "greater than or equal to 1001"),
        ({"S-20.00-bmd_account": "40a"}, "Enter a valid value."),
        ({"datev_chart": "X"}, "Two to four digits"),
    ],
)
def test_a_wrong_setting_is_explained_and_changes_nothing(
    documents, page, issuer, changes, message
):
    settled_settings()
    response = page.post(url("export_settings"), all_settings(page, **changes))
    assert message in text(response)
    assert ExportSettings.objects.count() == 1


def test_the_first_settings_are_made_from_defaults(page, issuer):
    assert page.post(url("export_settings"), all_settings(page)).status_code == 302
    assert ExportSettings.current().bmd_symbol == "AR"


def test_the_task_makes_the_file_and_the_sweep_what_was_left(documents, page):
    page.post(url("new_export"), CHOSEN | {"format": "csv"} | seen())
    tasks.make_export(ExportRun.objects.get().pk)
    assert ExportRun.objects.get().is_made
    page.post(url("new_export"), CHOSEN | {"format": "csv_lines"} | seen())
    tasks.transmit_due()
    assert not ExportRun.objects.exclude(status="made").exists()
