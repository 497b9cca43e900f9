"""A row behind every address: one that is there, one of somebody else, and none."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from emergency.actions.account_import import Listed, preview
from emergency.actions.addition import add_file
from emergency.actions.proposal import propose_analysis
from emergency.actions.reportable import flag
from emergency.actions.timelog import log_time
from emergency.actions.trusted_devices import trust_device
from emergency.models import (
    Absence,
    AuditorGrant,
    DropOut,
    EscalationPolicy,
    HandOff,
    Incident,
    LegalHold,
    Override,
    ReceivedMail,
    ReportableCase,
    ReportableFact,
    Schedule,
    Staff,
    Swap,
    Technician,
)
from emergency.passages.directory import PASSAGES
from emergency.queries.customers import SESSION_KEY
from status.models import Source, SourceKind, Window
from tests import people
from tests.authenticator import Key
from tests.integration.desk.conftest import Desk

GONE, NOWHERE = 999_999, "nothing"
LIST = b"record,account,name\naccount,1,A\n"


def addresses() -> dict[str, URLPattern]:
    """Every address of the product by its name, but for the staff admin."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, space: str) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                found.setdefault(f"{space}{one.name}", one)
            elif one.namespace != "admin":
                walk(one, f"{space}{one.namespace}:" if one.namespace else space)

    walk(get_resolver(), "")
    return found


def of_admin() -> list[str]:
    """The lists of the staff admin, and its start page."""
    root = next(
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.namespace == "admin"
    )
    return [
        reverse(f"admin:{one.name}")
        for one in _flat(root)
        if one.name and (one.name == "index" or one.name.endswith("_changelist"))
    ]


def _flat(resolver: URLResolver) -> list[URLPattern]:
    return [
        leaf
        for one in resolver.url_patterns
        for leaf in ([one] if isinstance(one, URLPattern) else _flat(one))
    ]


@dataclass
class World:
    """Who walks, and what stands behind the addresses."""

    rows: dict[str, Any]
    foreign: dict[str, Any]
    browsers: dict[str, Client]
    billing: Any

    def there(self, name: str, pattern: URLPattern) -> str:
        """The address with rows that are there, and the walkers' own."""
        if name.startswith("billing:") and "token" not in pattern.pattern.converters:
            return str(self.billing(name.removeprefix("billing:")))
        return self._reverse(name, pattern, self.rows)

    def of_another(self, name: str, pattern: URLPattern) -> str:
        """The address with rows of somebody else."""
        return self._reverse(name, pattern, self.rows | self.foreign)

    def gone(self, name: str, pattern: URLPattern) -> str:
        """The address with rows that are nowhere."""
        kinds = pattern.pattern.converters
        said = {"act": self.rows["act"], "kind": "factur_x"}
        return reverse(
            name,
            kwargs={
                key: said.get(key, GONE if isinstance(kind, IntConverter) else NOWHERE)
                for key, kind in kinds.items()
            },
        )

    @staticmethod
    def _reverse(name: str, pattern: URLPattern, rows: dict[str, Any]) -> str:
        wanted = {
            key: rows.get(f"{name.split(':')[-1]} {key}", rows.get(key))
            for key in pattern.pattern.converters
        }
        return reverse(name, kwargs=wanted)


def the_world(desk: Desk, accountant: Staff, billing: Any) -> World:
    """Anna walks as the technician; what belongs to Bernd is somebody else's."""
    now, later = desk.clock.now, desk.clock.now + timedelta(hours=8)
    omar = people.administrator()
    auditor = people.staff("Paula Prüfer", "auditor", access_until=later)
    gone = people.staff("Otto Alt", "auditor", access_until=later)
    schedule = Schedule.objects.get()
    people.reachable(desk.eva)
    people.reachable(omar)
    mail = ReceivedMail.objects.create(mailbox="m", uid="1", received_at=now)
    incident, report = _incident(desk)
    source = Source.objects.create(
        name="Status", url="https://s.example/", next_fetch_at=now
    )
    own_page = Source.objects.create(
        name="Ours", kind=SourceKind.LOCAL, url="https://o.example/", next_fetch_at=now
    )
    carla = people.technician("Carla Fuchs")
    for person in (desk.anna.staff, desk.eva, accountant, omar, auditor):
        _app(person)
    rows = {
        "reference": incident.reference,
        "number": "10042",
        "report_id": report.pk,
        "entry_id": incident.time_entries.latest("pk").pk,
        "proposal_id": propose_analysis(
            incident_id=incident.pk, staff=desk.anna.staff, now=now
        ).pk,
        "file_id": add_file(
            report_id=report.pk, name="log.txt", content=b"x", now=now
        ).pk,
        "mail_id": mail.pk,
        "attachment_id": mail.attachments.create(name="a", size=1, content=b"x").pk,
        "contact_id": desk.customer.contact.pk,
        "schedule_id": schedule.pk,
        "rotation_id": schedule.rotations.get().pk,
        "override_id": Override.objects.create(
            schedule=schedule,
            technician=desk.anna,
            starts_at=later,
            ends_at=later + timedelta(hours=1),
        ).pk,
        "policy_id": EscalationPolicy.objects.get().pk,
        "run_id": preview(
            listed=Listed(content=LIST, source="a.csv"), staff=desk.eva, now=now
        ).pk,
        "hold_id": LegalHold.objects.create(
            incident=incident, why="x", set_by=desk.eva, set_at=now
        ).pk,
        "grant_id": AuditorGrant.objects.create(
            staff=auditor, granted_at=now, granted_by=omar, until=later, why="x"
        ).pk,
        "source_id": source.pk,
        "window_id": Window.objects.create(
            source=own_page,
            external_id="1",
            state="timed",
            starts_at=now,
            ends_at=later,
        ).pk,
        "case_id": flag(
            incident_id=incident.pk,
            kind=ReportableCase.Kind.values[0],
            staff=desk.eva,
            now=now,
        ).pk,
        "step": ReportableFact.Step.values[0],
        "size": 192,
        "staff_id": desk.bernd.staff.pk,
        "key": next(iter(PASSAGES)),
        "act": "off",
        "count": 3,
        "route": "voice:twilio",
        "digest": "0" * 64,
        "token": "no-such-token",
        "provider_id": "company",
        "kind": "sms",
        **_own(desk.anna, schedule, carla, incident),
        "mfa_remove_webauthn pk": _passkey(desk.anna.staff),
    }
    return World(
        rows=rows,
        foreign={
            **_own(desk.bernd, schedule, carla, incident),
            "mfa_remove_webauthn pk": _passkey(desk.bernd.staff),
        },
        browsers={
            "stranger": people.stranger(),
            "customer": _customer(desk.customer.contact.pk),
            "ended auditor": _ended(gone),
            "technician": people.signed_in(desk.anna),
            "duty_manager": people.signed_in(desk.eva),
            "accounting": people.signed_in(accountant),
            "administrator": people.signed_in(omar),
            "auditor": people.signed_in(auditor),
        },
        billing=billing,
    )


def _incident(desk: Desk) -> tuple[Incident, Any]:
    """An incident whose customer was reached an hour ago, with time on it."""
    now = desk.clock.now
    incident = people.report(now=now - timedelta(hours=1), server="web01.example")
    Incident.objects.filter(pk=incident.pk).update(
        status="reached",
        reached_at=now,
        account=desk.customer.account,
        caller_confirmed_at=now,
    )
    log_time(
        incident_id=incident.pk,
        technician=desk.anna,
        staff=desk.anna.staff,
        kind="support",
        started_at=now - timedelta(minutes=30),
        ended_at=now,
        now=now,
    )
    incident.refresh_from_db()
    return incident, incident.reports.get()


def _own(
    person: Technician, schedule: Schedule, other: Technician, incident: Incident
) -> dict[str, Any]:
    """What belongs to this person alone, or to them and ``other``."""
    now, week = people.NIGHT, timedelta(days=7)
    shift = people.NIGHT + timedelta(days=person.pk % 7)
    device, _token = trust_device(staff=person.staff, user_agent="", now=now)
    return {
        "technician_id": person.pk,
        "method_id": person.contact_methods.earliest("pk").pk,
        "device_id": device.pk,
        "timer_id": person.timers.create(
            incident=incident,
            kind="support",
            state="review",
            why="unconfirmed",
            started_at=now,
            confirmed_at=now,
            ended_at=now,
            started_by=person.staff,
        ).pk,
        "absence_id": Absence.objects.create(
            technician=person, starts_at=now, ends_at=now + week, imported_at=now
        ).pk,
        "swap_id": Swap.objects.create(
            schedule=schedule,
            proposer=person,
            partner=other,
            given_from=now,
            given_until=now + week,
            proposed_at=now,
        ).pk,
        "hand_off_id": HandOff.objects.create(
            schedule=schedule, starts_at=shift, ends_at=shift + week, incoming=person
        ).pk,
        "drop_out_id": DropOut.objects.create(
            schedule=schedule,
            technician=person,
            declared_at=now,
            declared_via="desk",
            ends_at=now + week,
        ).pk,
    }


def _app(person: Staff) -> None:
    """A second factor with recovery codes."""
    TOTP.activate(person, "A" * 32)
    RecoveryCodes.activate(person)


def _passkey(person: Staff) -> int:
    credential = Key().create({"publicKey": {"challenge": "eHh4eA"}})
    made = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Key", "credential": credential}
    )
    return int(made.pk)


def _customer(contact_id: int) -> Client:
    client = people.stranger()
    session = client.session
    session[SESSION_KEY] = {"contact": contact_id}
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def _ended(person: Staff) -> Client:
    """Somebody whose session was opened before their access ended."""
    client = people.signed_in(person)
    Staff.objects.filter(pk=person.pk).update(access_until=people.NIGHT)
    return client
