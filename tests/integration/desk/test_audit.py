"""What changes the set-up stands in the audit, for good, and can be searched."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from emergency.actions import audit
from emergency.actions.holds import lift_hold, set_hold
from emergency.actions.overrides import add_override, cancel_override
from emergency.actions.person import export_person
from emergency.actions.policies import POLICY_FIELDS, save_policy
from emergency.models import (
    Account,
    AuditEntry,
    EscalationPolicy,
    Schedule,
    Staff,
)
from emergency.views.audit import AT_ONCE
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_contacts import NEW
from tests.integration.desk.test_operator import FACTS
from tests.integration.public.pages import text_of
from tests.people import NIGHT

PAGE = "/desk/audit/"


@pytest.fixture
def eva(desk: Desk, settings, tmp_path) -> Client:
    settings.DATA_DIR = tmp_path
    return people.signed_in(desk.eva)


def deeds(**filters) -> list[tuple[str, str]]:
    found = AuditEntry.objects.exclude(via="database").filter(**filters)
    return list(found.order_by("pk").values_list("code", "subject"))


def test_contacts_and_rights_of_customers(eva: Client, desk: Desk) -> None:
    page = "/desk/accounts/10042/"
    eva.post(f"{page}facts/", {"kind": "consumer", "language": "en"})
    eva.post(f"{page}contacts/", NEW)
    contact = desk.customer.account.contacts.get(name="Ana Neu")
    eva.post(f"{page}contacts/", NEW | {"name": "Ana Alt"})
    eva.post(f"{page}contacts/{contact.pk}/retire/")
    eva.post(f"{page}contacts/{contact.pk}/retire/")
    eva.post(f"{page}pin/")
    eva.post(f"{page}pin/revoke/")
    eva.post(f"{page}pin/revoke/")
    who = f"contact:{contact.pk}"
    assert deeds(staff=desk.eva) == [
        ("account_facts_set", "account:10042"),
        ("contact_added", who),
        ("contact_changed", who),
        ("contact_taken_off", who),
        ("pin_made", "account:10042"),
        ("pin_revoked", "account:10042"),
    ]
    said = str(list(AuditEntry.objects.values_list("values", flat=True)))
    assert "Ana" not in said
    assert "ana@example.com" not in said


def test_what_was_refused_leaves_no_entry(eva: Client) -> None:
    eva.post("/desk/accounts/10042/contacts/", NEW | {"phone_number": "call me"})
    assert deeds() == []


def test_operator_and_closing_days(eva: Client, desk: Desk) -> None:
    eva.post("/desk/operator/save/", FACTS)
    first = AuditEntry.objects.get(code="operator_changed")
    assert "name" in first.values["fields"]
    closing = {"day": "2026-03-20", "name": "Betriebsurlaub", "fee_time": "on"}
    eva.post("/desk/operator/close/", closing)
    eva.post("/desk/operator/open/", {"day": "2026-03-20"})
    assert deeds(area="operator")[1:] == [
        ("day_closed", "day:2026-03-20"),
        ("day_opened", "day:2026-03-20"),
    ]


def test_contact_methods_and_rules(desk: Desk) -> None:
    anna = people.signed_in(desk.anna)
    page = f"/desk/people/{desk.anna.pk}/"
    method = desk.anna.contact_methods.get(kind="sms")
    anna.post(f"/desk/method/{method.pk}/off/")
    anna.post(f"/desk/method/{method.pk}/up/")
    assert anna.get(page).status_code == 200
    entries = AuditEntry.objects.filter(area="reach").order_by("pk")
    assert [(e.code, e.values["method"], e.values["kind"]) for e in entries] == [
        ("method_off", method.pk, "sms"),
        ("method_moved_up", method.pk, "sms"),
    ]
    assert all(e.subject == f"technician:{desk.anna.pk}" for e in entries)
    assert method.address not in str([e.values for e in entries])


def test_roster_changes_of_people_and_not_of_the_engine(desk: Desk) -> None:
    schedule = Schedule.objects.get()
    made = add_override(
        schedule_id=schedule.pk,
        kind="add",
        technician=desk.bernd,
        replaced=None,
        starts_at=NIGHT + timedelta(days=1),
        ends_at=NIGHT + timedelta(days=2),
        staff=desk.eva,
        now=NIGHT,
    )
    cancel_override(override_id=made.pk, staff=desk.eva, now=NIGHT)
    assert deeds(area="roster") == [
        ("override_added", f"schedule:{schedule.pk}"),
        ("override_cancelled", f"schedule:{schedule.pk}"),
    ]
    entry = AuditEntry.objects.get(code="override_added")
    assert entry.values["technician"] == desk.bernd.pk
    assert "Bernd Kofler" in text_of(people.signed_in(desk.eva).get(PAGE))


def test_holds_and_what_was_handed_out_of_a_person(desk: Desk) -> None:
    incident = people.report(now=NIGHT)
    given: dict[str, Any] = {"staff": desk.eva, "now": NIGHT}
    hold = set_hold(reference=incident.reference, why="Court", **given)
    set_hold(reference=incident.reference, why="Court", **given)
    lift_hold(hold_id=hold.pk, **given)
    export_person(subject="pat@example.com", **given)
    about = f"incident:{incident.reference}"
    assert deeds()[:2] == [("hold_set", about), ("hold_lifted", about)]
    exported = AuditEntry.objects.get(code="person_exported")
    assert exported.subject.startswith("request:")
    assert "pat@" not in str(exported.values)


def test_the_database_enters_who_may_sign_in_and_as_what(desk: Desk) -> None:
    about = f"staff:{desk.anna.staff_id}"
    added = AuditEntry.objects.get(code="staff_added", subject=about)
    assert added.values["role"] == "technician"
    Staff.objects.filter(pk=desk.anna.staff_id).update(role="administrator")
    changed = AuditEntry.objects.get(code="permission_changed")
    assert (changed.subject, changed.via) == (about, "database")
    assert changed.values["role_before"] == "technician"
    assert changed.values["role"] == "administrator"
    Staff.objects.filter(pk=desk.anna.staff_id).update(language="en")
    assert AuditEntry.objects.filter(code="permission_changed").count() == 1
    assert "Anna Berger" in text_of(people.signed_in(desk.eva).get(PAGE))


def test_nobody_changes_or_removes_an_entry(desk: Desk) -> None:
    entry = AuditEntry.objects.first()
    assert entry is not None
    for change in (
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(code="nothing"),
        lambda: AuditEntry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_an_entry_stands_and_falls_with_its_deed(eva: Client, monkeypatch) -> None:
    def broken(*_args, **_values):
        raise RuntimeError

    monkeypatch.setattr("emergency.actions.contacts.record", broken)
    with pytest.raises(RuntimeError):
        eva.post("/desk/accounts/10042/facts/", {"kind": "consumer", "language": "en"})
    assert Account.objects.get().kind == "business"


@pytest.fixture
def several(desk: Desk) -> None:
    omar = people.administrator()
    for number, (area, code, by, days) in enumerate(
        [
            ("account", "link_changed", omar, 0),
            ("operator", "text_changed", desk.eva, 1),
            ("transfer", "accounts_imported", None, 2),
        ]
    ):
        audit.record(
            area, code, now=NIGHT + timedelta(days=days), by=by, about=f"x:{number}"
        )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"link", "text", "import"}),
        ("?area=operator", {"text"}),
        ("?words=x:2", {"import"}),
        ("?words=Omar", {"link"}),
        ("?words=link_ch", {"link"}),
        ("?since=2026-03-11&until=2026-03-11", {"text"}),
        ("?since=2026-03-12", {"import"}),
        ("?since=2026-03-13&area=account", set()),
        ("?since=nonsense&area=nonsense", {"link", "text", "import"}),
    ],
)
def test_the_audit_is_searched(several, eva: Client, query, found) -> None:
    sentences = {
        "link": "Link template changed.",
        "text": "A text for customers or technicians changed.",
        "import": "Accounts and servers imported.",
    }
    # Rights, of which the database tells at real time, are no matter here.
    page = text_of(eva.get(f"{PAGE}{query}"))
    assert {name for name, said in sentences.items() if said in page} == found
    if not found:
        assert "No entry fits." in page


def test_a_person_is_chosen(several, eva: Client, desk: Desk) -> None:
    page = text_of(eva.get(f"{PAGE}?staff={desk.eva.pk}"))
    assert "A text for customers or technicians changed." in page
    assert "Link template changed." not in page


def test_older_entries_stand_on_further_pages(eva: Client) -> None:
    for number in range(AT_ONCE + 5):
        audit.record("account", "link_changed", now=NIGHT, by=None, about=f"n:{number}")
    page = eva.get(f"{PAGE}?area=account").content.decode()
    assert page.count("Link template changed.") == AT_ONCE
    before = AuditEntry.objects.filter(area="account").order_by("-pk")[AT_ONCE - 1].pk
    assert f"?area=account&amp;before={before}" in page
    older = eva.get(f"{PAGE}?area=account&before={before}").content.decode()
    assert older.count("Link template changed.") == 5


def test_the_number_of_queries_does_not_grow_with_the_entries(
    eva: Client, known_facts: None, django_assert_max_num_queries
) -> None:
    for _ in range(AT_ONCE):
        audit.record("account", "link_changed", now=NIGHT, by=None)
    with django_assert_max_num_queries(8):
        eva.get(PAGE)


def test_handing_out_is_entered_and_shields_formulas(
    several, eva: Client, desk: Desk
) -> None:
    audit.record("account", "=cmd()", now=NIGHT, by=None, about=" ＝x")
    answer = eva.post(f"{PAGE}export/", {"area": "account"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert head[-3:] == ["code", "subject", "id"]
    assert [row[-3:-1] for row in rows] == [
        ["'=cmd()", "' ＝x"],
        ["link_changed", "x:0"],
    ]
    entry = AuditEntry.objects.get(code="audit_exported")
    assert (entry.staff, entry.values["entries"]) == (desk.eva, 2)
    assert entry.values["asked"] == {"area": "account"}


def test_a_policy_is_changed(eva: Client, desk: Desk) -> None:
    policy = EscalationPolicy.objects.get(is_default=True)
    values = {name: getattr(policy, name) for name in POLICY_FIELDS}
    save_policy(
        policy_id=policy.pk,
        values={**values, "name": "Neu", "is_default": True},
        steps=[],
        staff=desk.eva,
        now=NIGHT,
    )
    entry = AuditEntry.objects.get(area="policy")
    assert (entry.code, entry.values["fields"]) == ("policy_changed", ["name"])
