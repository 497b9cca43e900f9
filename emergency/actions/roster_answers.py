"""What a key, a code or a tap means for a page about the roster."""

from datetime import datetime

from emergency.actions.answered import Answered
from emergency.actions.drop_out import confirm_successor
from emergency.actions.hand_off import confirm_hand_off
from emergency.actions.page_queue import mark_answered
from emergency.actions.refusal import Refused
from emergency.models import Page


def hear_shift(page: Page, now: datetime, via: str) -> Answered:
    """The person has heard it; nothing else changes."""
    mark_answered(page, now)
    return Answered(page=page, code="shift_heard")


def answer_hand_off(page: Page, now: datetime, via: str) -> Answered:
    """The duty is confirmed, once."""
    mark_answered(page, now)
    if page.hand_off_id is None:
        return Answered(page=page, code="shift_over")
    confirm_hand_off(
        hand_off_id=page.hand_off_id, technician=page.technician, now=now, via=via
    )
    return Answered(page=page, code="duty_confirmed")


def answer_successor(page: Page, now: datetime, via: str) -> Answered:
    """The duty is taken over, unless somebody was quicker."""
    mark_answered(page, now)
    if page.drop_out_id is None:
        return Answered(page=page, code="shift_over")
    try:
        outcome = confirm_successor(
            drop_out_id=page.drop_out_id, technician=page.technician, now=now, via=via
        )
    except Refused:
        outcome = "over"
    codes = {
        "confirmed": "duty_taken",
        "other_confirmed": "duty_taken_by_other",
        "over": "shift_over",
    }
    return Answered(page=page, code=codes[outcome])


def duty_as_it_stands(page: Page) -> str:
    """The code of what is true of a page that was answered before."""
    if page.hand_off is not None and page.purpose == Page.Purpose.HANDOFF:
        return "duty_confirmed" if page.hand_off.confirmed_at else "shift_heard"
    if page.drop_out is not None and page.purpose == Page.Purpose.SUCCESSOR:
        if page.drop_out.confirmed_at is None:
            return "shift_over"
        own = page.drop_out.successor_id == page.technician_id
        return "duty_taken" if own else "duty_taken_by_other"
    return "heard"
