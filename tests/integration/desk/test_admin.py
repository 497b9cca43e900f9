"""The back room: administrators look, nobody changes, secrets stay out."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from emergency.models import Incident, PageAttempt, Report
from tests import people
from tests.integration.desk.conftest import Desk

OURS = [m for m in admin.site._registry if m._meta.app_label == "emergency"]


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_an_administrator_may_look_and_never_change(model, desk: Desk) -> None:
    people.report(now=desk.clock.now)
    person = people.administrator()
    client = people.signed_in(person)
    root = f"/admin/emergency/{model._meta.model_name}/"
    assert client.get(root).status_code == 200
    assert client.get(f"{root}add/").status_code == 403
    first = model.objects.first()
    if first is not None:
        assert client.get(f"{root}{first.pk}/change/").status_code == 200
        assert client.post(f"{root}{first.pk}/change/", {}).status_code == 403
        assert client.post(f"{root}{first.pk}/delete/", {}).status_code == 403


@pytest.mark.parametrize("who", ["technician", "duty manager", "accounting"])
def test_nobody_else_gets_in(who, desk: Desk) -> None:
    person = {
        "technician": desk.anna.staff,
        "duty manager": desk.eva,
        "accounting": people.accountant(),
    }[who]
    answer = people.signed_in(person).get("/admin/emergency/incident/")
    assert answer.status_code == 302
    request = RequestFactory().get("/admin/")
    request.user = person
    for model in OURS:
        assert not admin.site._registry[model].has_view_permission(request)


def test_no_secret_is_shown(desk: Desk) -> None:
    incident = people.report(now=desk.clock.now)
    report = Report.objects.get()
    page = incident.pages.get(kind="sms")
    PageAttempt.objects.create(
        page=page, token="secret-token", started_at=desk.clock.now, provider="twilio"
    )
    client = people.signed_in(people.administrator())
    texts = [
        client.get(f"/admin/emergency/{name}/{key}/change/").content.decode()
        for name, key in (
            ("report", report.pk),
            ("page", page.pk),
            ("staff", desk.anna.staff.pk),
            ("incident", Incident.objects.get().pk),
        )
    ]
    for secret in (
        report.token_hash,
        report.order_key,
        "secret-token",
        f">{page.code}<",
        desk.anna.staff.password,
    ):
        assert not any(secret in text for text in texts)
