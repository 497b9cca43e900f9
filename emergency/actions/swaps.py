"""Swaps: two people exchange parts of their shifts, by consent of both."""

from datetime import datetime

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.actions.roster_changes import (
    changing,
    coming_shifts,
    locked_schedule,
)
from emergency.actions.roster_entries import enter_roster
from emergency.actions.roster_pages import tell_shift
from emergency.models import Override, Schedule, Swap, Technician
from emergency.rules.shift_changes import Period, covers, touches


def propose_swap(
    *,
    schedule_id: int,
    proposer: Technician,
    partner: Technician,
    given: Period,
    taken: Period | None,
    now: datetime,
) -> Swap:
    """The partner is asked to be on call in ``given`` instead of the proposer, who is
    on call in ``taken`` in return. Nothing changes before the partner agrees.

    The same offer made twice stands once. Raises Refused.
    """
    for period, end in ((given, "given_until"), (taken, "taken_until")):
        if period is not None and period[1] <= period[0]:
            raise Refused("ends_before_start", field=end)
    if given[0] < now:
        raise Refused("period_is_past", field="given_from")
    if taken is not None and taken[0] < now:
        raise Refused("period_is_past", field="taken_from")
    if proposer == partner:
        raise Refused("same_person", field="partner")
    if partner.is_house_phone or not partner.staff.is_active:
        raise Refused("cannot_be_on_call", field="partner")
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        _refuse_foreign_shifts(schedule, proposer, partner, given, taken, now)
        swap, is_new = Swap.objects.get_or_create(
            schedule=schedule,
            proposer=proposer,
            partner=partner,
            given_from=given[0],
            given_until=given[1],
            taken_from=taken[0] if taken else None,
            taken_until=taken[1] if taken else None,
            status=Swap.Status.PROPOSED,
            defaults={"proposed_at": now},
        )
        if is_new:
            _enter(swap, "swap_proposed", proposer, now)
            tell_shift(
                partner,
                "swap_proposed",
                schedule=schedule,
                now=now,
                starts_at=given[0],
                ends_at=given[1],
            )
    return swap


def accept_swap(*, swap_id: int, technician: Technician, now: datetime) -> bool:
    """Both are on call as offered. False when it was agreed before.

    Raises Refused unless the technician is the partner and both still have what they
    give.
    """
    found = Swap.objects.only("schedule_id").get(pk=swap_id)
    with changing(found.schedule_id, now=now, by=technician.staff) as schedule:
        swap = _locked(swap_id)
        if swap.partner_id != technician.pk:
            raise Refused("not_yours")
        if swap.status == Swap.Status.ACCEPTED:
            return False
        _refuse_decided(swap)
        given, taken = periods(swap)
        if given[0] < now or (taken is not None and taken[0] < now):
            raise Refused("swap_has_begun")
        _refuse_foreign_shifts(schedule, swap.proposer, swap.partner, given, taken, now)
        one, other = swap.proposer, swap.partner
        _write(swap, given, technician=other, replaced=one, now=now)
        if taken is not None:
            _write(swap, taken, technician=one, replaced=other, now=now)
        _decide(swap, Swap.Status.ACCEPTED, technician, now)
    return True


def decline_swap(*, swap_id: int, technician: Technician, now: datetime) -> bool:
    """The offer is over and the proposer hears so. False when it was declined before.
    Raises Refused for anybody but the partner, and once it is decided."""
    with transaction.atomic():
        swap = _locked(swap_id)
        if swap.partner_id != technician.pk:
            raise Refused("not_yours")
        if swap.status == Swap.Status.DECLINED:
            return False
        _refuse_decided(swap)
        _decide(swap, Swap.Status.DECLINED, technician, now)
        _tell(swap, swap.proposer, "swap_declined", now)
    return True


def withdraw_swap(*, swap_id: int, technician: Technician, now: datetime) -> bool:
    """The offer is over and the partner hears so. False when it was withdrawn before.
    Raises Refused for anybody but the proposer, and once it is decided."""
    with transaction.atomic():
        swap = _locked(swap_id)
        if swap.proposer_id != technician.pk:
            raise Refused("not_yours")
        if swap.status == Swap.Status.WITHDRAWN:
            return False
        _refuse_decided(swap)
        _decide(swap, Swap.Status.WITHDRAWN, technician, now)
        _tell(swap, swap.partner, "swap_withdrawn", now)
    return True


def periods(swap: Swap) -> tuple[Period, Period | None]:
    """What the proposer gives, and what they take in return."""
    taken = None
    if swap.taken_from is not None and swap.taken_until is not None:
        taken = (swap.taken_from, swap.taken_until)
    return (swap.given_from, swap.given_until), taken


def _locked(swap_id: int) -> Swap:
    return (
        Swap.objects.select_for_update(no_key=True, of=("self",))
        .select_related("schedule", "proposer__staff", "partner__staff")
        .get(pk=swap_id)
    )


def _refuse_decided(swap: Swap) -> None:
    if swap.status != Swap.Status.PROPOSED:
        raise Refused("swap_is_decided")


def _refuse_foreign_shifts(
    schedule: Schedule,
    proposer: Technician,
    partner: Technician,
    given: Period,
    taken: Period | None,
    now: datetime,
) -> None:
    """Each has the whole of what they give, and none of what they get."""
    shifts = coming_shifts(schedule, now)
    if not covers(shifts, proposer.pk, given):
        raise Refused("proposer_has_it_not", field="given_until")
    if touches(shifts, partner.pk, given):
        raise Refused("partner_has_it_already", field="partner")
    if taken is None:
        return
    if not covers(shifts, partner.pk, taken):
        raise Refused("partner_has_it_not", field="taken_until")
    if touches(shifts, proposer.pk, taken):
        raise Refused("proposer_has_it_already", field="taken_from")


def _write(
    swap: Swap,
    period: Period,
    *,
    technician: Technician,
    replaced: Technician,
    now: datetime,
) -> None:
    Override.objects.create(
        schedule=swap.schedule,
        kind=Override.Kind.REPLACE,
        technician=technician,
        replaced=replaced,
        starts_at=period[0],
        ends_at=period[1],
        reason=Override.Reason.SWAP,
        created_at=now,
    )


def _decide(swap: Swap, status: str, technician: Technician, now: datetime) -> None:
    swap.status = status
    swap.decided_at = now
    swap.save(update_fields=["status", "decided_at"])
    _enter(swap, f"swap_{status}", technician, now)


def _enter(swap: Swap, code: str, technician: Technician, now: datetime) -> None:
    given, taken = periods(swap)
    enter_roster(
        swap.schedule,
        code,
        now=now,
        technician=technician,
        by=technician.staff,
        proposer=swap.proposer_id,
        partner=swap.partner_id,
        starts_at=given[0],
        ends_at=given[1],
        taken_from=taken[0] if taken else None,
        taken_until=taken[1] if taken else None,
    )


def _tell(swap: Swap, person: Technician, code: str, now: datetime) -> None:
    tell_shift(
        person,
        code,
        schedule=swap.schedule,
        now=now,
        starts_at=swap.given_from,
        ends_at=swap.given_until,
    )
