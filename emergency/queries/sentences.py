"""The sentences of timeline entries about the callback and the work after it."""

from django.utils.translation import gettext as _


def of_the_callback() -> dict[str, str]:
    """Code -> sentence of what concerns the call to the customer."""
    return {
        "reported": _("Reported. %(server)s Maintenance: %(maintenance)s. %(terms)s"),
        "drill": _("This is a drill: nothing is charged or counted."),
        "ordered_by_telephone": _(
            "Ordered by telephone: the price was read out, the yes was heard."
        ),
        "file_added": _("The customer added a file."),
        "order_accepted": _("The order is accepted; the customer is told so."),
        "report_joined": _(
            "Another report of the same server has joined; it has no fee and no"
            " deadline of its own."
        ),
        "report_left": _(
            "Whoever sent one of the reports gave up; it is %(other)s now. We go on for"
            " the others."
        ),
        "left_the_others": _("Left %(other)s, which goes on for others."),
        "caller_verified": _("%(verification)s for account %(account)s at the order."),
        **_of_the_calls(),
        "reached": _("Customer reached after %(duration)s, %(in_time)s."),
        "waiting_for_customer": _(
            "Called %(attempts)s times in time, on every number, and not reached."
            " Paging and the clock have stopped; we wait for the customer."
        ),
        "customer_told": _("Message to the customer: %(message)s."),
        "message_failed": _(
            "A message to the customer did not arrive: %(message)s (%(error)s)."
        ),
        "mail_attached": _("A mail was attached. Read it on this page."),
        "no_way_to_tell": _(
            "The customer cannot be told in writing: %(message)s. No number takes SMS,"
            " and there is no e-mail address."
        ),
        "deadline_missed": _(
            "The callback deadline has passed and nobody reached the customer."
        ),
        "still_not_reached": _("The customer still waits. Reminded: %(technicians)s."),
        "reminded": _("Reminder of the callback to %(technicians)s."),
        "no_reminder": _("No reminder: %(reason)s."),
        "reminder_heard": _("The reminder was heard (%(via)s)."),
        "idle_asked": _(
            "Nothing has happened for a while. Asked how it stands: %(technicians)s."
        ),
        "idle_answered": _("Is still at it (%(via)s)."),
        "not_asked": _("Nobody is asked how it stands: %(reason)s."),
        "account_assigned": _(
            "Assigned to account %(account)s, the caller is confirmed."
        ),
        "deadline_by_contract": _(
            "By contract the callback is due %(minutes)s minutes after the order."
        ),
    }


def _of_the_calls() -> dict[str, str]:
    """Code -> sentence of each call to the customer."""
    return {
        "callback_attempt": _("Call to the customer: %(outcome)s. %(proof)s"),
        "bridge_started": _("Calls the customer over the bridge."),
        "bridge_dials": _("Has pressed the key; the customer is called."),
        "bridge_failed": _("The call over the bridge came to nothing: %(error)s."),
        "bridge_unsettled": _(
            "The call over the bridge is over (connected: %(talked)s). How it ended is"
            " not said yet."
        ),
        "own_phone": _(
            "Calls the customer from their own telephone. What comes of it is"
            " self-declared."
        ),
        "texts_stopped": _("The number is wrong: no text goes there any more."),
    }


def of_the_customer() -> dict[str, str]:
    """Code -> sentence of what the customer does on the tracking page, and of what is
    done about that page."""
    return {
        "feedback_given": _(
            "First findings for the customer. Network: %(network)s. Application issue"
            " ruled out: %(application)s."
        ),
        "fact_added": _("The customer has added something."),
        "number_added": _("The customer has added a number to call."),
        "cost_limit_set": _("The customer sets a cost limit of %(amount)s."),
        "cost_limit_lifted": _("The customer takes the cost limit back."),
        "proposal_made": _("Asked the customer: %(proposed)s."),
        "proposal_answered": _(
            "The customer's answer: %(proposed)s, %(verdict)s (%(answered_via)s)."
        ),
        "withdrawn": _("The customer has withdrawn from the contract."),
        "objected": _("The customer objects to: %(about)s."),
        "customer_confirms": _("The customer confirms that it is solved."),
        "customer_says_unsolved": _("The customer says that it is not solved."),
        "link_revoked": _("The link of the tracking page was revoked."),
    }


def of_the_work() -> dict[str, str]:
    """Code -> sentence of what is done once the customer is reached."""
    return {
        "note_added": _("Note written."),
        "time_logged": _("Time logged: %(duration)s %(kind)s, %(billable)s."),
        "time_amended": _("Time amended: now %(duration)s %(kind)s, %(billable)s."),
        **_of_the_timer(),
        "resolved": _("Resolved. Cause: %(cause)s. Result: %(disposition)s."),
        "reopened": _("Opened again."),
        "closed": _("Closed. Billing may take over."),
        "merged": _(
            "Merged with %(other)s, which goes on; this incident has no fee of its own."
        ),
        "took_over_reports": _(
            "Took over reports, notes, calls and time of %(other)s: one fee for both."
        ),
        "cancelled": _(
            "Cancelled by the %(by)s, %(free)s. Paging and the callback clock have"
            " stopped."
        ),
        "billing_approved": _("Accounting has approved it. Time is fixed now."),
        "billing_returned": _("Accounting looks at it again. Time can be amended."),
        "document_issued": _("%(document)s %(number)s issued."),
        "settled": _("What it cost is paid."),
        "settlement_undone": _("What it cost is open again."),
        "nothing_to_charge": _("Accounting has decided: nothing to charge."),
        **of_the_privacy(),
        **of_the_authority(),
    }


def _of_the_timer() -> dict[str, str]:
    """Code -> sentence of what running timers do."""
    return {
        "timer_started": _("Timer of %(technician)s started: %(kind)s."),
        "timer_started_before": _(
            "Timer of %(technician)s started: %(kind)s, with the %(duration)s before."
        ),
        "timer_confirmed": _("The timer goes on (%(via)s)."),
        "timer_switched": _("Timer of %(technician)s switched to: %(kind)s."),
        "timer_asked": _("Asked whether the timer is right: %(technicians)s."),
        "timer_stopped": _(
            "Timer of %(technician)s stopped: %(duration)s %(kind)s saved."
        ),
        "timer_waits": _(
            "%(duration)s of %(technician)s (%(kind)s) wait for review: %(why)s."
        ),
        "timer_reviewed": _(
            "Time of %(technician)s reviewed: %(duration)s %(kind)s, %(billable)s."
        ),
        "timer_dropped": _(
            "Time of %(technician)s reviewed: %(duration)s were no work."
        ),
    }


def of_the_privacy() -> dict[str, str]:
    """Code -> sentence of what is done about personal data."""
    return {
        "data_erased": _("Personal data were erased, as their time had come."),
        "legal_hold_set": _("Legal hold: nothing of this incident is erased."),
        "legal_hold_lifted": _("The legal hold is lifted."),
    }


def of_the_authority() -> dict[str, str]:
    """Code -> sentence of what is done because an authority may have to hear of it."""
    return {
        "reportable_flagged": _(
            "May have to be reported to the authority: %(case_kind)s. The deadlines"
            " run."
        ),
        "reportable_linked": _(
            "Belongs to a case that may have to be reported to the authority:"
            " %(case_kind)s."
        ),
        "reportable_changed": _(
            "Report to the authority (%(case_kind)s): %(case_step)s%(case_fact)s."
        ),
    }
