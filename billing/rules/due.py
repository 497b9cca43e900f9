"""Whether an emergency is charged, and its fee, and what a person looks at first.

Source: readings A6, A8, A9, A13 of the price text, and the operator's rules for
cancelling, for customers who cannot be reached, for maintenance windows and for
emergencies that were none.
"""

from dataclasses import dataclass
from datetime import timedelta

from billing.rules.charges import runs_into_free_hours
from billing.rules.policy import CaseRule, FeeRule, FreeHours, Infrastructure
from billing.rules.work import Cause, Disposition, Emergency, Maintenance

FREE_CANCELLATION = timedelta(minutes=2)
ATTEMPTS_THAT_COUNT = 3


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``charged`` False: no document, ``reasons`` say why. ``waived``: why the initial
    fee is not charged, empty where it is. ``review``: what must be looked at first."""

    charged: bool
    waived: str = ""
    review: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()


def verdict_on(emergency: Emergency) -> Verdict:
    """What the facts and the policy make of the claim."""
    nothing = _nothing_due(emergency)
    if nothing:
        return Verdict(charged=False, reasons=(nothing,))
    doubts = set(_doubts_about_the_case(emergency))
    waived = ""
    for code, rule in _about_the_fee(emergency):
        if rule is FeeRule.REVIEW:
            doubts.add(code)
        elif rule is FeeRule.WAIVE:
            waived = waived or code
    if _never_called(emergency):
        if not any(entry.billable and entry.duration for entry in emergency.entries):
            return Verdict(charged=False, review=frozenset({"callback_never_made"}))
        doubts.add("callback_never_made")
    free = emergency.policy.into_free_hours
    if free is FreeHours.REVIEW and runs_into_free_hours(emergency):
        doubts.add("into_free_hours")
    return Verdict(charged=True, waived=waived, review=frozenset(doubts))


def _nothing_due(emergency: Emergency) -> str:
    """Why nothing at all is charged, or nothing."""
    case = emergency.disposition
    if case is not None and _rule_for(emergency, case) is CaseRule.NOTHING:
        return f"disposition_{case}"
    if _cancelled_before_callback(emergency) and _cancelled_free_of_charge(emergency):
        return "cancelled_free"
    ours = emergency.cause is Cause.INFRASTRUCTURE
    if ours and emergency.policy.infrastructure is Infrastructure.NOTHING:
        return "infrastructure_free"
    return ""


def _rule_for(emergency: Emergency, case: Disposition) -> CaseRule:
    """The policy's rule; a drill is never billed."""
    if case is Disposition.DRILL:
        return CaseRule.NOTHING
    rule: CaseRule = getattr(emergency.policy, case.value)
    return rule


def _doubts_about_the_case(emergency: Emergency) -> list[str]:
    doubts = []
    case = emergency.disposition
    if case is not None and _rule_for(emergency, case) is CaseRule.REVIEW:
        doubts.append(f"disposition_{case}")
    if emergency.cause is Cause.UNDETERMINED:
        doubts.append("cause_undetermined")
    return doubts


def _about_the_fee(emergency: Emergency) -> list[tuple[str, FeeRule]]:
    """What speaks against the initial fee, with the rule that decides."""
    policy = emergency.policy
    found: list[tuple[str, FeeRule]] = []
    if _cancelled_before_callback(emergency):
        found.append(("cancelled_before_callback", policy.late_cancellation))
    if _called_late(emergency):
        found.append(("callback_missed", policy.late_callback))
    if _never_called(emergency) and policy.late_callback is FeeRule.WAIVE:
        found.append(("callback_missed", FeeRule.WAIVE))
    if _called_in_vain(emergency):
        found.append(("customer_not_reached", policy.customer_not_reached))
    if emergency.maintenance is Maintenance.MATCHING:
        found.append(("maintenance_window", policy.maintenance))
    if emergency.maintenance is Maintenance.OVERRUN:
        found.append(("maintenance_overrun", policy.maintenance))
    return found


def _called_late(emergency: Emergency) -> bool:
    """Whoever was called in vain, and rang back later, was not called too late."""
    reached = emergency.callback_reached_at
    late = reached is not None and reached > emergency.callback_deadline_at
    return late and not emergency.attempted_in_time


def _called_in_vain(emergency: Emergency) -> bool:
    """Nobody was reached, nobody cancelled in time, and we tried often enough."""
    if emergency.callback_reached_at is not None:
        return False
    return not _cancelled_in_time(emergency) and _tried_often_enough(emergency)


def _never_called(emergency: Emergency) -> bool:
    """Nobody was reached, and that is not for the customer to answer for."""
    return (
        emergency.callback_reached_at is None
        and not _cancelled_in_time(emergency)
        and not _tried_often_enough(emergency)
    )


def _cancelled_before_callback(emergency: Emergency) -> bool:
    cancelled, reached = emergency.cancelled_at, emergency.callback_reached_at
    return cancelled is not None and (reached is None or cancelled < reached)


def _cancelled_free_of_charge(emergency: Emergency) -> bool:
    """Free until the later of a short window and the take-over by a technician. What
    the customer was told then stands."""
    cancelled, taken = emergency.cancelled_at, emergency.taken_over_at
    if cancelled is None:
        return False
    if emergency.cancelled_free is not None:
        return emergency.cancelled_free
    return (
        taken is None
        or cancelled <= taken
        or cancelled <= emergency.triggered_at + FREE_CANCELLATION
    )


def _cancelled_in_time(emergency: Emergency) -> bool:
    """Cancelled while the promise could still be kept; later it was broken first."""
    cancelled = emergency.cancelled_at
    return cancelled is not None and cancelled <= emergency.callback_deadline_at


def _tried_often_enough(emergency: Emergency) -> bool:
    if emergency.attempted_in_time:
        return True
    in_time = [
        attempt
        for attempt in emergency.callback_attempts
        if attempt <= emergency.callback_deadline_at
    ]
    return len(in_time) >= ATTEMPTS_THAT_COUNT
