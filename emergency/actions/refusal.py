"""What an action answers when it may not do what it was asked."""

from typing import Any

from django.utils.translation import gettext as _

from emergency.actions.refusal_words import (
    about_auditors,
    about_colleagues,
    about_files,
    about_the_stage,
)


class Refused(Exception):
    """The change was not made. ``code`` is stable, ``field`` names the input, if any;
    ``str()`` is a sentence in the reader's language."""

    def __init__(self, code: str, *, field: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.values = values

    def __str__(self) -> str:
        return self.sentence() % self.values

    def sentence(self) -> str:
        """The sentence with its placeholders."""
        sentences = {
            "own_second_factor": _("Remove your own second factor on your own page."),
            "not_open": _("This incident is no longer open. Nothing was changed."),
            "profile_changed": _(
                "Somebody saved another version meanwhile. Open the page again; what"
                " you typed stands here until then."
            ),
            **about_files(),
            **about_auditors(),
            **about_colleagues(),
            **_about_calls(),
            "closed_already": _("This day is closed already: %(day)s."),
            "decided_already": _("Somebody has decided about this mail already."),
            "wrong_state": _(
                "Somebody changed this incident meanwhile. Read it again, then decide."
            ),
            "ends_before_start": _("The end must be later than the start."),
            "in_future": _("Time can only be logged after it was worked."),
            "overlap": _(
                "%(technician)s has another time entry in this interval"
                " (%(reference)s). Change one of the two."
            ),
            "waiver_needs_reason": _("Say why this time is not charged."),
            "frozen": _(
                "Accounting has approved this incident. Its time can no longer change."
            ),
            "already_theirs": _("This colleague has it already."),
            "cannot_be_paged": _("There is no way to page this colleague."),
            "not_asked_of_you": _("Nobody has asked you about this incident."),
            "unknown_number": _("The customer did not give this number."),
            "no_technician": _("Only a technician can do this."),
            "cause_missing": _("Name the cause before closing."),
            "already_amended": _(
                "This entry has been amended already. Amend its newest version."
            ),
            **_about_calendars(),
            **_about_callers(),
            **_about_imports(),
            **_about_the_order(),
            **_about_privacy(),
            **about_the_stage(),
            **_about_reach(),
            **_about_reporting(),
            **_about_the_roster(),
            **_about_timers(),
            **_about_the_end(),
        }
        return sentences[self.code]


def _about_timers() -> dict[str, str]:
    return {
        "timer_elsewhere": _(
            "Your timer runs on %(reference)s. Stop it there, then start it here."
        ),
        "timer_has_ended": _(
            "This timer has ended meanwhile. Its time stands below; nothing is lost."
        ),
        "timer_runs": _(
            "The timer of %(technician)s runs since %(at)s (%(reference)s). Stop it"
            " first, or end this time before it."
        ),
        "timer_waits": _(
            "Time of %(technician)s in this interval waits for review (%(reference)s)."
            " Review it first."
        ),
        "time_waits": _(
            "Time that nobody confirmed waits for review. Say first what of it was"
            " work."
        ),
    }


def _about_the_end() -> dict[str, str]:
    return {
        "disposition_missing": _("Say what it turned out to be."),
        "end_changed": _(
            "Somebody changed cause, result or state meanwhile. What stands now is"
            " shown above; what you typed is kept. Press again to replace it."
        ),
        "charge_changed": _(
            "Time, cause or result were changed meanwhile. Look at the charge again,"
            " then close."
        ),
        "findings_changed": _(
            "Somebody told the customer other findings meanwhile. Read them above; what"
            " you typed is kept. Press again to tell yours as well."
        ),
        "findings_missing": _(
            "The customer has paid for findings and has none yet. Tell them what you"
            " found, then close."
        ),
        "not_with_a_drill": _("A drill is never merged with a real emergency."),
        "drill_link_used": _(
            "This drill link has been used or has run out. Nothing is ordered. Ask the"
            " desk for another one."
        ),
    }


def _about_calendars() -> dict[str, str]:
    return {
        "calendar_unreadable": _(
            "This file is no calendar that can be read (.ics). Nothing was changed."
        ),
        "calendar_too_large": _(
            "This calendar is larger than 1 MB. Export a shorter period."
        ),
        "calendar_too_many": _(
            "This calendar holds more than 1000 absences, or one that repeats"
            " too often. Export a shorter period."
        ),
        "calendar_never": _(
            "This calendar repeats something on a day that does not exist, as"
            " 31 February. Remove it or give it a date."
        ),
    }


def _about_imports() -> dict[str, str]:
    return {
        "import_decided": _("Somebody has decided about this import already."),
        "import_changed": _(
            "Accounts have changed since this was shown. Look at what it would change"
            " now, then confirm."
        ),
        "import_running": _("Another import is running. Try again in a minute."),
        "link_not_https": _("A link begins with https://."),
        "link_place_in_host": _("Places may stand after the host only."),
        "link_unreadable": _("This is no address, or it has signs that do not belong."),
        "link_unknown_place": _(
            "Places are {server}, {address}, {account} and {external_id}."
        ),
    }


def _about_callers() -> dict[str, str]:
    return {
        "unknown_account": _("There is no account with this number."),
        "consumer_was_rung": _(
            "A consumer whom we rang is bound by a written order only. Ask them to use"
            " the form, or to ring us."
        ),
        "unknown_server": _("This account has no server of this name."),
        "other_report": _("Another caller named this server. Choose the name again."),
        "which_server": _("Which of the names means this server?"),
        "unknown_report": _("This report belongs to another incident."),
        "no_way_to_contact": _("Enter an e-mail address or a phone number."),
        "other_account": _("These incidents belong to different accounts."),
    }


def _about_the_order() -> dict[str, str]:
    return {
        "cost_has_changed": _(
            "A technician has just taken your report, so cancelling is no longer free."
            " Nothing was changed. Read the cost and decide again."
        ),
        "too_late_to_cancel": _(
            "It is too late to cancel here. Tell the technician, or ring us."
        ),
        "beyond_limit": _(
            "With this time it costs %(gross)s, beyond what the customer agreed to"
            " (%(limit)s). Ask first and record the answer, or do not charge the time."
        ),
        "no_limit": _("The customer has set no cost limit."),
        "within_limit": _("This is within the limit. Enter a higher amount."),
        "answered_already": _("This was answered differently before. Nothing changed."),
        "too_many_facts": _("There is no more room here. Tell us when we call."),
        "too_many_numbers": _("There are enough numbers. Tell us when we call."),
        "no_withdrawal": _("This contract can no longer be withdrawn from here."),
        "no_objection": _("This cannot be objected to here any more."),
        "not_solved_yet": _("We have not said yet that it is solved."),
    }


def _about_calls() -> dict[str, str]:
    return {
        "bridge_runs": _(
            "%(technician)s is calling the customer over the bridge right now."
        ),
        "no_own_telephone": _(
            "You have no verified telephone that the bridge could ring."
        ),
        "no_number_left": _("There is no number left to call."),
    }


def _about_privacy() -> dict[str, str]:
    return {
        "hold_needs_reason": _("Say why, in a few words."),
        "unknown_incident": _("There is no incident with this reference."),
    }


def _about_reach() -> dict[str, str]:
    return {
        "method_exists": _("This one is in the list already."),
        "too_many_methods": _("Remove one first: the list is full."),
        "bad_number": _("This is no number that can be called. Enter +43 664 …"),
        "bad_email": _("This is no e-mail address."),
        "push_unreadable": _("This is no push address that we understand."),
        "push_scheme": _("This kind of push address is not allowed."),
        "push_private_host": _(
            "This host is not on the open network. Ask your administrator to allow it."
        ),
        "asked_just_now": _("A proof went out just now. Wait half a minute."),
        "asked_too_often": _(
            "Several proofs went out in the last 15 minutes. Wait a while."
        ),
        "wrong_code": _("This code does not fit. Use the newest one."),
        "too_many_codes": _("Too many wrong codes. Send a new proof."),
        "prove_it_first": _("Prove it first: send a proof."),
        "last_telephone": _("This is the last telephone that would ring."),
        "tested_just_now": _("A test page went out just now. Wait a minute."),
        "cannot_be_reached": _(
            "%(technician)s has no contact method. Choose somebody else."
        ),
    }


def _about_reporting() -> dict[str, str]:
    return {
        "case_ended": _("This case has ended. Nothing was changed."),
        "not_a_step": _("This case has no such step."),
        "reason_missing": _("Say why, in a few words."),
        "moment_ahead": _("This time lies ahead. Enter when it was."),
        "erased_already": _("The time of this incident's data is over."),
    }


def _about_the_roster() -> dict[str, str]:
    return {
        "roster_changed": _(
            "The roster was changed meanwhile. This is what the rotation changes now."
        ),
        "period_is_past": _("This time is over. Choose one that lies ahead."),
        "same_person": _("These must be two different people."),
        "somebody_missing": _("Choose a person."),
        "cannot_be_on_call": _("This person cannot be on call."),
        "not_on_call_then": _("This person is not on call in this time."),
        "not_on_call_now": _("You are not on call now. Nothing was changed."),
        "not_yours": _("This is for somebody else to answer."),
        "swap_is_decided": _("This swap is decided already."),
        "swap_has_begun": _("The time has begun. Agree on a new swap."),
        "proposer_has_it_not": _(
            "Whoever offers this is not on call in the whole of this time."
        ),
        "partner_has_it_not": _(
            "Whoever is asked is not on call in the whole of this time."
        ),
        "partner_has_it_already": _("Whoever is asked is on call then already."),
        "proposer_has_it_already": _("Whoever offers this is on call then already."),
        "confirmed_already": _(
            "You have taken over already. If you cannot go on, drop out."
        ),
        "successor_has_it": _("A successor has confirmed. The shift is theirs now."),
    }
