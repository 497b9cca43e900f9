"""Celery's doors into the engine. Each calls one action; rows hold the truth."""

import socket
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from emergency.actions import (
    bridge_ask,
    bridge_send,
    delivery,
    erasing,
    escalate,
    holidays,
    mailbox,
    maintenance_notice,
    message_send,
    message_status,
    nightly_import,
    readiness,
    rounds,
    routes,
    send,
    sign_in,
    stage,
)

BY = f"worker@{socket.gethostname()}"


@shared_task(name="emergency.tick")
def tick() -> None:
    """Due decisions are taken."""
    escalate.tick(now=timezone.now(), by=BY)


@shared_task(name="emergency.send_page")
def send_page(page_id: int) -> None:
    """This page is sent, unless it is no longer due."""
    send.send_page(page_id=page_id, clock=timezone.now)


@shared_task(name="emergency.send_message")
def send_message(message_id: int) -> None:
    """This text goes to the customer, unless it is no longer due."""
    message_send.send_message(message_id=message_id, clock=timezone.now)


@shared_task(name="emergency.place_bridge")
def place_bridge(bridge_id: int) -> None:
    """This call over the bridge is placed, unless it is no longer due."""
    bridge_send.place_bridge(bridge_id=bridge_id, clock=timezone.now)


@shared_task(name="emergency.answer_sign_in")
def answer_sign_in(request_id: int) -> None:
    """Whoever asked for a sign-in link has it, if we know them."""
    sign_in.answer_request(request_id=request_id, clock=timezone.now)


@shared_task(name="emergency.cancel_ringing")
def cancel_ringing(incident_id: int) -> None:
    """Telephones that ring for an incident somebody has taken stop ringing."""
    routes.cancel_ringing(incident_id=incident_id)


@shared_task(name="emergency.sweep")
def sweep() -> None:
    """Silent providers are asked what became of our pages and messages."""
    now = timezone.now()
    escalate.beat(name="sweep", by=BY, now=now)
    delivery.ask_about_silent_pages(now=now)
    message_status.ask_about_silent_messages(now=now)
    bridge_ask.ask_about_silent_bridges(now=now)


@shared_task(name="emergency.tell_of_ends")
def tell_of_ends() -> None:
    """Whoever waits for the end of a maintenance hears of it."""
    maintenance_notice.tell_of_ends(clock=timezone.now)


@shared_task(name="emergency.read_mailbox")
def read_mailbox() -> None:
    """New mail to the emergency address is taken in, by one worker at a time."""
    now = timezone.now()
    if rounds.is_ours(name="mailbox", every=timedelta(seconds=15), by=BY, now=now):
        mailbox.read_mailbox(clock=timezone.now)


@shared_task(name="emergency.update_holidays")
def update_holidays() -> None:
    """The public holidays of this and the next two years are rows."""
    holidays.update_holidays(now=timezone.now())


@shared_task(name="emergency.check_readiness")
def check_readiness() -> None:
    """The duty manager knows of what is wrong with the next days' roster."""
    now = timezone.now()
    if rounds.is_ours(name="readiness", every=timedelta(hours=12), by=BY, now=now):
        readiness.check_readiness(now=now)


@shared_task(name="emergency.import_accounts")
def import_accounts() -> None:
    """The nightly list of accounts and servers is taken in, when it is due."""
    nightly_import.run_due(clock=timezone.now)


@shared_task(name="emergency.purge")
def purge() -> None:
    """Personal data that have outlived their class are gone."""
    now = timezone.now()
    if rounds.is_ours(name="purge", every=timedelta(hours=12), by=BY, now=now):
        erasing.purge(now=now)


@shared_task(name="emergency.direct_the_stage")
def direct_the_stage() -> None:
    """The demo's stories have moved on."""
    stage.direct(now=timezone.now())
