"""The audit in the reader's language; it stores codes, ids and named values."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def sentence_of(code: str) -> str:
    """What was done; the code itself where a later release knows it no more."""
    sentences = {
        **_of_rosters(),
        **_of_people(),
        **_of_accounts(),
        **_of_billing(),
        **_of_the_house(),
        **_of_signing_in(),
        **_of_the_authority(),
    }
    return sentences.get(code, code)


def subject_of(kind: str, key: str) -> str:
    """What it was done to."""
    names = {
        "account": _("account %(key)s"),
        "server": _("server no. %(key)s"),
        "contact": _("contact no. %(key)s"),
        "technician": "%(key)s",
        "staff": "%(key)s",
        "schedule": _("schedule no. %(key)s"),
        "policy": _("policy no. %(key)s"),
        "operator": _("version %(key)s"),
        "text": _("text %(key)s"),
        "limit": _("limit %(key)s"),
        "day": _("day %(key)s"),
        "import": _("import no. %(key)s"),
        "incident": _("incident %(key)s"),
        "request": _("request no. %(key)s"),
        "link": _("link %(key)s"),
        "drill": _("drill link no. %(key)s"),
        "export": _("export %(key)s"),
        "ratecard": _("rate card no. %(key)s"),
        "vat_rate": _("rate from %(key)s on"),
        "issuer": _("version %(key)s"),
        "bank_csv": _("bank file form no. %(key)s"),
        "hand_over_file": _("file no. %(key)s"),
        "status_page": _("status page no. %(key)s"),
        "window": _("window no. %(key)s"),
        "reportable": _("case %(key)s"),
    }
    template = names.get(kind)
    return template % {"key": key} if template else key


def value_of(value: Any) -> str:
    """A stored value, for reading."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {value_of(one)}" for name, one in value.items() if one
        )
    if isinstance(value, str) and len(value) > len("2026-01-01T"):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return value
        return date_format(timezone.localtime(at), "Y-m-d H:i") if at.tzinfo else value
    return str(value)


def hidden_problems(count: int) -> str:
    """That more rows were refused than are listed."""
    return ngettext(
        "%(count)s more row was refused.", "%(count)s more rows were refused.", count
    ) % {"count": count}


def _of_rosters() -> dict[str, str]:
    return {
        "schedule_added": _("Schedule set up."),
        "schedule_changed": _("Schedule changed."),
        "rotation_added": _("Rotation set up."),
        "rotation_changed": _("Rotation changed."),
        "rotation_removed": _("Rotation removed."),
        "override_added": _("Override entered."),
        "override_cancelled": _("Override cancelled."),
        "swap_proposed": _("Swap proposed."),
        "swap_accepted": _("Swap accepted."),
        "swap_declined": _("Swap declined."),
        "swap_withdrawn": _("Swap withdrawn."),
        "hand_off_confirmed": _("Hand-off confirmed."),
        "dropped_out": _("Dropped out."),
        "came_back": _("Goes on as planned."),
        "successor_confirmed": _("Takes over."),
        "successor_declined": _("Cannot take over."),
        "feed_renewed": _("The calendar has a new address."),
        "own_feed_renewed": _("The own calendar has a new address."),
        "absence_added": _("Absence entered."),
        "absence_removed": _("Absence removed."),
        "policy_added": _("Escalation policy set up."),
        "policy_changed": _("Escalation policy changed."),
    }


def _of_people() -> dict[str, str]:
    return {
        "method_added": _("Contact method added."),
        "method_on": _("Contact method switched on."),
        "method_off": _("Contact method switched off."),
        "method_removed": _("Contact method removed."),
        "method_moved_up": _("Contact method moved up."),
        "rules_set": _("Notification rules set."),
        "staff_added": _("Person added."),
        "colleague_added": _("Colleague added."),
        "colleague_changed": _("Colleague changed."),
        "password_offered": _("An address for a password handed out."),
        "permission_changed": _("Rights of a person changed."),
        "pin_made": _("Support PIN made."),
        "pin_revoked": _("Support PIN revoked."),
        "contact_added": _("Contact put on file."),
        "contact_changed": _("Contact changed."),
        "contact_taken_off": _("Contact taken off."),
        "contact_retired": _("Contact retired by an import."),
        "contact_back": _("Contact brought back by an import."),
        "person_exported": _("Everything about a person handed out."),
        "person_erased": _("A person's data erased on request."),
        "hold_set": _("Legal hold set."),
        "hold_lifted": _("Legal hold lifted."),
    }


def _of_accounts() -> dict[str, str]:
    return {
        "account_facts_set": _("Kind or language of an account set."),
        "account_changed": _("Account changed by an import."),
        "account_back": _("Account brought back by an import."),
        "account_retired": _("Account retired by an import."),
        "server_changed": _("Server changed by an import."),
        "server_back": _("Server brought back by an import."),
        "server_retired": _("Server retired by an import."),
        "link_changed": _("Link template changed."),
        "accounts_imported": _("Accounts and servers imported."),
        "import_stopped": _("Import stopped by the brake."),
        "import_discarded": _("Import discarded."),
        "absences_imported": _("Absences imported."),
        "invoices_exported": _("Invoices exported."),
        "invoices_handed_over": _("Documents written into a file for another system."),
        "audit_exported": _("Audit exported."),
        "figures_exported": _("Figures of the callback promise exported."),
    }


def _of_billing() -> dict[str, str]:
    return {
        "ratecard_published": _("Rate card published."),
        "contract_recorded": _("Contract of an account recorded."),
        "vat_rate_set": _("VAT rate set."),
        "issuer_changed": _("Facts of the issuer changed."),
        "profile_changed": _("Billing profile of an account changed."),
        "export_settings_changed": _("Settings of exports changed."),
        "payment_rules_changed": _("Rules of payments and reminders changed."),
        "bank_csv_changed": _("Form of a bank's files changed."),
    }


def _of_the_house() -> dict[str, str]:
    return {
        "status_page_added": _("Status page registered."),
        "status_page_on": _("Status page switched on."),
        "status_page_off": _("Status page switched off."),
        "own_page_changed": _("Own status page changed."),
        "window_announced": _("Maintenance window announced."),
        "window_changed": _("Maintenance window changed."),
        "window_ended": _("Maintenance window ended."),
        "operator_changed": _("Facts of the operator changed."),
        "text_changed": _("A text for customers or technicians changed."),
        "limit_changed": _("A rate limit changed."),
        "day_closed": _("Closing day entered."),
        "day_opened": _("Closing day removed."),
        "drill_prepared": _("Drill link handed out."),
    }


def _of_signing_in() -> dict[str, str]:
    return {
        "factor_added": _("Second factor set up."),
        "factor_removed": _("Second factor removed."),
        "factor_renewed": _("New recovery codes made."),
        "factor_reset": _("Second factor reset for a colleague."),
        "password_changed": _("Password changed."),
        "identity_linked": _("Signs in by the company's sign-in."),
        "device_trusted": _("Device trusted."),
        "device_forgotten": _("Device no longer trusted."),
    }


def _of_the_authority() -> dict[str, str]:
    return {
        "reportable_flagged": _("Flagged as possibly to be reported."),
        "reportable_linked": _("Incident added to a reportable case."),
        "reportable_known": _("Moment of knowledge of a reportable case stated."),
        "reportable_done": _("Step to the authority recorded."),
        "reportable_not_needed": _("Step to the authority is not needed."),
        "reportable_ended": _("Reportable case ended: need not be reported."),
        "reportable_exported": _("Reportable case handed out."),
    }
