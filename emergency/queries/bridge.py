"""What the desk shows of calls over the bridge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from emergency.models import (
    Bridge,
    CallbackAttempt,
    ContactMethod,
    Incident,
    Technician,
)
from emergency.queries.dialling import Numbers, numbers_for
from emergency.queries.page_wording import error_word
from emergency.rules.bridge import outcome_needs_a_word

# For so long it is news that a call came to nothing.
NEWS = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class BridgeView:
    """How the customer can be called. ``newest`` is the last call over the bridge, and
    ``state`` how it stands, in words for whoever reads; empty when there is no news.

    ``unsettled`` is a call of the reader's that reached the customer's telephone and
    waits for a word about its end. ``telephones`` are the reader's own verified ones.
    """

    newest: Bridge | None
    state: str
    mine: bool
    unsettled: Bridge | None
    telephones: tuple[ContactMethod, ...]
    numbers: Numbers
    caller_id: str

    @property
    def live(self) -> bool:
        """Whether a call is under way."""
        return self.newest is not None and self.newest.ended_at is None

    @property
    def to_settle(self) -> Bridge | None:
        """The call that an outcome chosen now belongs to: one whose end is not said
        yet, or the reader's own that is under way."""
        dialled = self.newest if self.live and self.mine else None
        under_way = dialled if dialled and dialled.pressed_at is not None else None
        return self.unsettled or under_way

    @property
    def stage(self) -> str:
        """Where it stands; a page that shows another stage is out of date."""
        return self.newest.stage if self.newest else ""


def bridge_view(
    incident: Incident, own: Technician | None, now: datetime
) -> BridgeView:
    """The bridge of this incident, for the technician who reads."""
    made = list(
        incident.bridges.select_related("technician__staff", "attempt").order_by(
            "-started_at", "-pk"
        )
    )
    newest = made[0] if made else None
    mine = newest is not None and newest.technician == own
    return BridgeView(
        newest=newest,
        state=_state(newest, now, mine=mine) if newest else "",
        mine=mine,
        unsettled=next((b for b in made if b.technician == own and is_open(b)), None),
        telephones=telephones_of(own),
        numbers=numbers_for(incident),
        caller_id=settings.BRIDGE_CALLER_ID or settings.TWILIO_FROM_NUMBER,
    )


def telephones_of(technician: Technician | None) -> tuple[ContactMethod, ...]:
    """Verified telephones that the bridge may ring, the first one in front."""
    if technician is None:
        return ()
    usable = technician.contact_methods.usable().filter(kind=ContactMethod.Kind.VOICE)
    return tuple(usable.order_by("position", "pk"))


def is_open(bridge: Bridge) -> bool:
    """Whether the bridge is over and waits for a word about its end."""
    return bridge.ended_at is not None and outcome_needs_a_word(
        dialled=bridge.pressed_at is not None,
        word=bridge.leg_status,
        settled=_attempt(bridge) is not None,
    )


def _attempt(bridge: Bridge) -> CallbackAttempt | None:
    found: CallbackAttempt | None = getattr(bridge, "attempt", None)
    return found


def _state(bridge: Bridge, now: datetime, *, mine: bool) -> str:
    if bridge.ended_at is None and not mine:
        return _("%(name)s is calling the customer over the bridge.") % {
            "name": bridge.technician.staff.full_name
        }
    if bridge.ended_at is None:
        return _while_it_runs(bridge)
    if now - bridge.ended_at > NEWS:
        return ""
    attempt = _attempt(bridge)
    if attempt is not None:
        return _("The call over the bridge is over: %(outcome)s.") % {
            "outcome": attempt.get_outcome_display()
        }
    if bridge.pressed_at is None or bridge.leg_status == "failed":
        return _(
            "The call over the bridge came to nothing: %(error)s. Try again, or call"
            " from your own telephone."
        ) % {"error": error_word(bridge.end_code)}
    return _("The call over the bridge is over.")


def _while_it_runs(bridge: Bridge) -> str:
    if bridge.stage in {Bridge.Stage.QUEUED, Bridge.Stage.CLAIMED}:
        return _("Your telephone %(number)s rings in a moment.") % {
            "number": bridge.technicians_number
        }
    if bridge.stage == Bridge.Stage.SENT:
        return _(
            "Your telephone %(number)s rings. Answer, press %(digit)s, and the customer"
            " is called."
        ) % {"number": bridge.technicians_number, "digit": bridge.digit}
    if bridge.stage == Bridge.Stage.ASKING:
        return _("Say by key how it went: 1 means that the customer is reached.")
    if bridge.answered_at is None:
        return _("The customer's telephone %(number)s is called.") % {
            "number": bridge.customers_number
        }
    return _("You are connected with the customer. The star key ends their call.")
