"""Every address times every role times rows that are there, somebody else's and gone:
what the permission table says is what the product does.

The table is read from the code (``PERMISSION_TABLES``), the addresses from the
resolver; an address without a line fails here.
"""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from billing.models import Booking, DocumentStep, Hold
from emergency.models import AuditEntry, RosterEntry, Staff, TimelineEntry
from emergency.rules.permissions import ADMINISTRATORS, STAFF, Asks, Permission
from emergency.views.gate import Gate
from emergency.views.permissions import permissions
from tests.integration.walk.world import World, addresses, of_admin, the_world

ROLES = ["technician", "duty_manager", "accounting", "administrator", "auditor"]
OUTSIDE = ["stranger", "customer", "ended auditor"]
OPEN = {"anybody", "machine"}
SIGN_IN = "/desk/login/"
# Whoever has the address: a wrong one is nobody's. Some say why, none opens.
CLOSED = {302, 400, 403, 404, 405, 410}
# What an administrator may look up of others is not "own" to them; neither are these.
MANAGED = {"own person", "own absence", "own contact method"}
ADDRESSES = addresses()


@pytest.fixture
def _silence() -> Iterator[None]:
    """Thousands of refusals are what is wanted here; nobody reads of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(desk, door, accountant, billing_address, settings, monkeypatch, _silence):
    settings.STAFF_MFA, settings.STAFF_REAUTH_MINUTES = "optional", 0
    settings.DUTY_FIGURES = True
    # Thousands of requests: a session in a row would be most of the time.
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    # Who may come in is asked here; what pages look like has tests of its own.
    monkeypatch.setattr("django.template.base.Template.render", lambda *_: "")
    return the_world(desk, accountant, billing_address)


class Walk:
    """Counts what was checked, and keeps what was wrong."""

    def __init__(self) -> None:
        self.checked = 0
        self.wrong: list[str] = []

    def ask(
        self, client: Client, path: str, *, both: bool = True
    ) -> tuple[HttpResponse, HttpResponse]:
        """Reading and sending, or the one that the door has. Whoever comes in may
        change something: it is undone."""
        read = self._once(client.get, path)
        if not both and read.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return read, read
        with transaction.atomic():
            sent = self._once(client.post, path)
            transaction.set_rollback(True)
        return read, sent

    def ask_outsider(self, client: Client, path: str) -> HttpResponse:
        """Refused at the door; a door for reading alone refuses the sending."""
        sent = self._once(client.post, path)
        closed = sent.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        return self._once(client.get, path) if closed else sent

    @staticmethod
    def _once(ask: Any, path: str) -> HttpResponse:
        """Asked, with the browser as it was before: also where it was signed out."""
        kept = ask.__self__.cookies.copy()
        answer: HttpResponse = ask(path)
        ask.__self__.cookies = kept
        return answer

    def expect(self, right: bool, *what: object) -> None:
        self.checked += 1
        if not right:
            self.wrong.append(" ".join(str(one) for one in what))


def kept() -> dict[str, int]:
    """How many facts of each kind there are: what was refused has left none."""
    facts = (TimelineEntry, AuditEntry, RosterEntry, DocumentStep, Booking, Hold)
    return {fact.__name__: fact.objects.count() for fact in facts}


def led_to_sign_in(answer: HttpResponse) -> bool:
    there = answer.headers.get("Location", "")
    return answer.status_code == 302 and there.startswith(SIGN_IN)


def came_in(read: HttpResponse, sent: HttpResponse, role: str) -> bool:
    """Neither reading nor sending was refused; an auditor only reads."""
    codes = {read.status_code} | ({sent.status_code} if role != "auditor" else set())
    led = led_to_sign_in(read) or led_to_sign_in(sent)
    return not (codes & {403, 404}) and max(codes) < 500 and not led


def walk_staff(walk: Walk, world: World, name: str, line: Permission) -> None:
    """An address of staff: each role, everybody from outside, and other rows."""
    pattern = ADDRESSES[name]
    path = world.there(name, pattern)
    for who in OUTSIDE:
        answer = walk.ask_outsider(world.browsers[who], path)
        walk.expect(led_to_sign_in(answer), name, who, answer.status_code)
    for role in ROLES:
        own = line.about.startswith("own") and line.about not in MANAGED
        if role in line.roles and own and role != "technician":
            # Anna's rows: for everybody else they are somebody else's.
            continue
        if role not in line.roles:
            answer = walk.ask_outsider(world.browsers[role], path)
            walk.expect(answer.status_code == 403, name, role, answer.status_code)
            continue
        # A view has one decorator for both ways: once per address is enough.
        first = role == min(line.roles, key=ROLES.index)
        read, sent = walk.ask(world.browsers[role], path, both=first)
        right = came_in(read, sent, role)
        walk.expect(right, name, role, read.status_code, sent.status_code)
    if line.about:
        walk_other_rows(walk, world, name, pattern, line)


def walk_other_rows(
    walk: Walk, world: World, name: str, pattern: URLPattern, line: Permission
) -> None:
    """Rows that are gone are not found by anybody, rows of somebody else not by whoever
    they do not belong to."""
    for role in sorted(line.roles & set(ROLES) - {"auditor"}):
        read, sent = walk.ask(world.browsers[role], world.gone(name, pattern))
        codes = {read.status_code, sent.status_code}
        walk.expect(
            404 in codes and codes <= {404, 405}, name, role, "gone", sorted(codes)
        )
        if not line.about.startswith("own"):
            continue
        if line.about in MANAGED and role != "technician":
            continue
        foreign = world.of_another(name, pattern)
        read, sent = walk.ask(world.browsers[role], foreign)
        codes = {read.status_code, sent.status_code}
        walk.expect(
            404 in codes and codes <= {404, 405}, name, role, "foreign", sorted(codes)
        )


def walk_outside(walk: Walk, world: World, name: str, line: Permission) -> None:
    """An address that is not of staff: it breaks for nobody, and a secret that fits
    nothing opens nothing, whoever brings it."""
    pattern = ADDRESSES[name]
    path = world.there(name, pattern)
    for who in ("stranger", "customer", "technician"):
        read, sent = walk.ask(world.browsers[who], path)
        codes = {read.status_code, sent.status_code}
        if line.roles & OPEN:
            walk.expect(max(codes) < 500 or name == "readyz", name, who, codes)
        elif "customer" in line.roles and who == "customer":
            walk.expect(200 in codes, name, who, codes)
            if line.about:
                foreign, _sent = walk.ask(
                    world.browsers[who], world.gone(name, pattern)
                )
                walk.expect(foreign.status_code == 404, name, who, "gone")
        else:
            walk.expect(codes <= CLOSED, name, who, codes)


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    table = permissions()
    assert sorted(set(ADDRESSES) - set(table)) == [], "a line in rules/permissions.py"
    assert sorted(set(table) - set(ADDRESSES)) == []


def test_the_table_says_what_the_views_say() -> None:
    for name, line in permissions().items():
        roles = getattr(ADDRESSES[name].callback, "roles", None)
        assert (line.roles if line.is_of_staff else None) == (
            frozenset(roles) if roles else None
        ), name


def test_money_roster_exports_and_rights_ask_and_emergencies_never() -> None:
    asking = {name for name, line in permissions().items() if line.asks != Asks.NEVER}
    for name in (
        *("approve", "issue", "credit", "release", "paid", "payment_book"),
        *("answered_by_hand", "batch_start", "ratecard_new", "contract"),
        *("new_export", "export_file", "figures_csv"),
    ):
        assert f"billing:{name}" in asking
    for name in (
        *("override_add", "swap_answer", "rotation_change", "schedule_change"),
        *("absence_remove", "policy_change", "method_add", "method_change"),
        *("contact_add", "pin_new", "auditor_grant", "audit_export", "privacy_export"),
    ):
        assert f"emergency:{name}" in asking
    assert {one for one in asking if one.startswith("emergency:incident")} == set()
    assert {
        "emergency:board",
        "emergency:succeed",
        "emergency:page_me",
    } & asking == set()
    open_at_night = {n for n, one in permissions().items() if one.without_factor}
    assert open_at_night >= {
        f"emergency:incident_{act}"
        for act in ("take", "accept", "attempt", "bridge", "own_phone", "now")
    }
    assert open_at_night & asking <= {"mfa_activate_totp", "mfa_add_webauthn"}


def test_no_address_opens_to_whoever_may_not_come_there(world: World) -> None:
    walk, before = Walk(), kept()
    for name, line in permissions().items():
        if line.is_of_staff:
            walk_staff(walk, world, name, line)
        else:
            walk_outside(walk, world, name, line)
    back_room = of_admin()
    for path in back_room:
        for who in (*OUTSIDE, *ROLES):
            answer = walk.ask_outsider(world.browsers[who], path)
            # Of billing and status it shows only what the database's owner may see.
            right = {200, 403} if who in ADMINISTRATORS else {302}
            walk.expect(answer.status_code in right, path, who, answer.status_code)
    urls, who_asked = len(permissions()) + len(back_room), len(ROLES) + len(OUTSIDE)
    print(  # noqa: T201 - what an auditor reads
        f"\nURLs x roles checked {walk.checked}, violations {len(walk.wrong)}"
        f"\n({urls} URLs, {who_asked} kinds of people, own, foreign and missing rows)"
    )
    assert not walk.wrong, "\n".join(walk.wrong)
    assert kept() == before
    assert walk.checked > 5 * len(permissions())


def test_the_walk_notices_a_wrong_line(world: World) -> None:
    for name, wrong in (
        ("emergency:board", Permission(STAFF)),
        ("emergency:board", Permission(ADMINISTRATORS)),
        ("emergency:own_reach", Permission(STAFF, "own person")),
    ):
        walk = Walk()
        walk_staff(walk, world, name, wrong)
        assert walk.wrong, name


def test_an_unknown_address_is_as_closed_as_can_be(world: World, rf, settings) -> None:
    """What somebody adds and forgets to enter asks every time."""
    settings.STAFF_REAUTH_MINUTES = 15
    request = rf.get("/desk/new/")
    request.resolver_match = type("Match", (), {"view_name": "emergency:new"})()
    browser = world.browsers["administrator"]
    request.session = browser.session
    request.user = Staff.objects.get(pk=browser.session["_auth_user_id"])
    answer = Gate(lambda _: HttpResponse()).process_view(request, None, (), {})
    assert answer is not None
    assert answer.headers["Location"].startswith("/desk/security/confirm/")
