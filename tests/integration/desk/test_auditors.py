"""Auditors: let in by administrators, with who, when and why, until it ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emergency import auditor_urls, desk_urls
from emergency.actions.auditors import LONGEST, end_access, grant_access
from emergency.actions.refusal import Refused
from emergency.models import AuditEntry, AuditorGrant, Message, Staff
from tests import people

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAYS = timedelta(days=1)


@pytest.fixture
def omar():
    return people.administrator()


def granted(omar, **changes):
    values = {
        "email": "Pruefer@Finanz.example",
        "full_name": "Paula Prüfer",
        "language": "de",
        "until": NOW + 3 * DAYS,
        "why": "Tax audit 2026",
        "staff": omar,
        "now": NOW,
    }
    return grant_access(**{**values, **changes})


def form(**changes):
    last_day = timezone.localdate() + timedelta(days=2)
    return {
        "email": "pruefer@finanz.example",
        "full_name": "Paula Prüfer",
        "language": "de",
        "last_day": f"{last_day:%Y-%m-%d}",
        "why": "Tax audit 2026",
        **changes,
    }


def test_a_grant_says_who_let_whom_in_until_when_and_why(omar):
    grant = granted(omar)
    assert (grant.granted_by, grant.granted_at, grant.why) == (
        omar,
        NOW,
        "Tax audit 2026",
    )
    auditor = grant.staff
    assert (auditor.email, auditor.role) == ("pruefer@finanz.example", "auditor")
    assert auditor.access_until == grant.until == NOW + 3 * DAYS
    assert not auditor.has_usable_password()
    assert not auditor.is_staff


def test_the_same_grant_again_changes_nothing(omar):
    first = granted(omar)
    assert granted(omar, now=NOW + DAYS) == first
    assert AuditorGrant.objects.count() == Staff.objects.filter(role="auditor").count()


def test_another_time_ends_the_former_grant(omar):
    first = granted(omar)
    second = granted(omar, until=NOW + 9 * DAYS, now=NOW + DAYS)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (NOW + DAYS, omar)
    assert second.staff.access_until == NOW + 9 * DAYS


def test_whoever_is_ended_may_be_let_in_again(omar):
    grant = granted(omar)
    end_access(grant_id=grant.pk, staff=omar, now=NOW + DAYS)
    assert not Staff.objects.get(role="auditor").has_access(NOW + DAYS)
    again = granted(omar, now=NOW + 2 * DAYS)
    assert again != grant
    assert again.staff.has_access(NOW + 2 * DAYS)


def test_ending_twice_keeps_the_first_end(omar):
    grant = granted(omar)
    end_access(grant_id=grant.pk, staff=omar, now=NOW + DAYS)
    end_access(grant_id=grant.pk, staff=omar, now=NOW + 2 * DAYS)
    grant.refresh_from_db()
    assert grant.ended_at == NOW + DAYS


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": NOW}, "access_is_past"),
        ({"until": NOW + LONGEST + 2 * DAYS}, "access_too_long"),
        ({"email": "omar@example.com"}, "not_an_auditor"),
    ],
)
def test_what_makes_no_sense_is_refused(omar, changes, code):
    with pytest.raises(Refused) as refused:
        granted(omar, **changes)
    assert refused.value.code == code
    assert not AuditorGrant.objects.exists()
    assert Staff.objects.get(pk=omar.pk).role == "administrator"


def test_the_database_wants_an_end_for_every_auditor(omar):
    grant = granted(omar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.filter(pk=grant.staff_id).update(access_until=None)


def test_from_the_grant_to_the_first_page_by_clicks(omar, settings):
    office = people.signed_in(omar)
    answer = office.post(reverse("emergency:auditor_grant"), form())
    link = answer.context["link"]
    assert link in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert link.startswith(settings.PUBLIC_BASE_URL)
    way = link.removeprefix(settings.PUBLIC_BASE_URL)
    auditor = people.stranger()
    shown = auditor.get(way)
    assert shown.status_code == 200
    # Enough for the secret, and a browser still says where the form comes from.
    assert shown.headers["Referrer-Policy"] == "same-origin"
    weak = auditor.post(way, {"password": "short"})
    assert "errorlist" in weak.content.decode()
    assert auditor.post(way, {"password": "a-long-password-7"}).status_code == 302
    assert AuditEntry.objects.filter(code="password_changed").count() == 1
    assert Message.objects.get().address == "pruefer@finanz.example"
    # The address works once.
    assert people.stranger().get(way).status_code == 404
    signed_in = auditor.post(
        reverse("login"),
        {"username": "pruefer@finanz.example", "password": "a-long-password-7"},
    )
    assert signed_in.headers["Location"] == "/billing/"
    assert auditor.get("/billing/").status_code == 200
    page = office.get(reverse("emergency:auditors")).content.decode()
    assert "Paula Prüfer" in page
    assert "Omar Aigner" in page


def test_after_the_end_nobody_signs_in_and_no_session_counts(omar):
    grant = granted(omar)
    grant.staff.set_password("a-long-password-7")
    grant.staff.save()
    client = people.signed_in(grant.staff)
    assert client.get("/billing/").status_code == 200
    office = people.signed_in(omar)
    office.post(reverse("emergency:auditor_end", args=[grant.pk]))
    assert client.get("/billing/").status_code == 302
    answer = people.stranger().post(
        reverse("login"),
        {"username": grant.staff.email, "password": "a-long-password-7"},
    )
    assert answer.status_code == 200
    assert "do not fit together" in answer.content.decode()


def test_the_address_for_a_password_ends_with_the_access(omar):
    office = people.signed_in(omar)
    answer = office.post(reverse("emergency:auditor_grant"), form())
    way = (
        reverse("emergency:auditors")
        + answer.context["link"].partition("/desk/auditors/")[2]
    )
    assert people.stranger().get(way).status_code == 200
    grant = AuditorGrant.objects.get()
    end_access(grant_id=grant.pk, staff=omar, now=timezone.now())
    assert people.stranger().get(way).status_code == 404
    assert people.stranger().get(way[:-2] + "x/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody"},
        {"last_day": "2020-01-01"},
        {"last_day": "2999-01-01"},
        {"why": ""},
        {"email": "omar@example.com"},
    ],
)
def test_what_is_wrong_is_said_beside_its_field(omar, changes):
    answer = people.signed_in(omar).post(
        reverse("emergency:auditor_grant"), form(**changes)
    )
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not AuditorGrant.objects.exists()


@pytest.mark.parametrize("name", ["auditors", "auditor_grant", "auditor_end"])
@pytest.mark.parametrize("role", ["technician", "duty_manager", "accounting"])
def test_only_administrators_let_anybody_in(name, role, omar):
    grant = granted(omar)
    path = reverse(
        f"emergency:{name}", args=[grant.pk] if name == "auditor_end" else []
    )
    person = people.staff("Rita Roth", role)
    method = "get" if name == "auditors" else "post"
    assert getattr(people.signed_in(person), method)(path, form()).status_code == 403
    assert getattr(people.signed_in(grant.staff), method)(path).status_code == 403
    assert getattr(Client(), method)(path).status_code == 302
    grant.refresh_from_db()
    assert grant.ended_at is None
    assert AuditorGrant.objects.count() == 1


def test_every_door_but_the_secret_one_names_administrators_alone():
    for pattern in auditor_urls.urlpatterns:
        roles = getattr(pattern.callback, "roles", None)
        expected = None if pattern.name == "auditor_in" else {"administrator"}
        assert roles == expected, pattern.name


@pytest.mark.parametrize(
    "name", ["board", "engine", "desk_accounts", "desk_mail", "roster", "own_reach"]
)
def test_an_auditor_has_no_business_at_the_desk(name, omar):
    answer = people.signed_in(granted(omar).staff).get(reverse(f"emergency:{name}"))
    assert answer.status_code == 403
    assert "You are signed in as Auditor." in answer.content.decode()


def test_no_door_of_the_desk_opens_for_auditors():
    for pattern in desk_urls.urlpatterns:
        assert "auditor" not in getattr(pattern.callback, "roles", ["auditor"])


def test_the_staff_admin_stays_shut(omar):
    client = people.signed_in(granted(omar).staff)
    assert client.get("/admin/").status_code == 302
