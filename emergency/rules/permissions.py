"""Who may open what, and where we ask again who somebody is: one line an address.

Enforced twice. Every view names its roles beside itself (``views.access``); this table
says them all in one place, and a test walks every address with every role to prove that
both agree. Where we ask again, and what is open to somebody who has no second factor
yet, stands here alone: ``views.gate`` reads it. An address without a line counts as the
strictest one, and a test refuses it. Billing's lines stand in its own rules.

Source: ISO/IEC 27002:2022, 5.15, 8.2 and 8.5.
"""

from enum import StrEnum
from typing import NamedTuple


class Asks(StrEnum):
    """When somebody who is signed in shows once more who they are."""

    NEVER = "never"
    # Before something is changed: reading the page asks nothing.
    CHANGES = "changes"
    # For every look: secrets are on the page.
    ALWAYS = "always"
    # Before a file leaves the house.
    FILE = "file"


CHANGES, ALWAYS, FILE = Asks.CHANGES, Asks.ALWAYS, Asks.FILE

DESK = frozenset({"technician", "duty_manager", "administrator"})
MANAGERS = frozenset({"duty_manager", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
STAFF = DESK | {"accounting", "auditor"}
# Who is not staff. Their addresses are closed, or open, by what they carry.
ANYBODY = frozenset({"anybody"})
CUSTOMERS = frozenset({"customer"})
TOKEN = frozenset({"whoever has the address"})
MACHINES = frozenset({"machine"})


class Permission(NamedTuple):
    """One address. ``about`` is the kind of row it opens; "own" says that a row of
    somebody else is not found. ``without_factor``: open to somebody who has to set up a
    second factor first, so that nobody is kept from an emergency by that."""

    roles: frozenset[str]
    about: str = ""
    asks: str = Asks.NEVER
    without_factor: bool = False

    @property
    def is_of_staff(self) -> bool:
        """Whether only staff come here."""
        return bool(self.roles & STAFF)

    def asks_for(self, method: str | None) -> bool:
        """Whether this request comes only from somebody we have just asked."""
        if self.asks == Asks.CHANGES:
            return method not in {"GET", "HEAD", "OPTIONS"}
        return self.asks in {Asks.ALWAYS, Asks.FILE}


# What stands in no table, as a page of a library: administrators, asked every time.
STRICTEST = Permission(ADMINISTRATORS, "", ALWAYS)

SIGN_IN: dict[str, Permission] = {
    "login": Permission(ANYBODY),
    "account_login": Permission(ANYBODY),
    "logout": Permission(ANYBODY),
    "mfa_authenticate": Permission(ANYBODY),
    "mfa_login_webauthn": Permission(ANYBODY),
    "openid_connect_login": Permission(ANYBODY),
    "openid_connect_callback": Permission(ANYBODY),
    "admin_login": Permission(ANYBODY),
    "account_reauthenticate": Permission(STAFF, without_factor=True),
    "mfa_index": Permission(STAFF, without_factor=True),
    "mfa_activate_totp": Permission(STAFF, "", ALWAYS, without_factor=True),
    "mfa_deactivate_totp": Permission(STAFF, "", ALWAYS),
    "mfa_add_webauthn": Permission(STAFF, "", ALWAYS, without_factor=True),
    "mfa_remove_webauthn": Permission(STAFF, "own passkey", ALWAYS),
    "mfa_view_recovery_codes": Permission(STAFF, "", ALWAYS),
    "mfa_generate_recovery_codes": Permission(STAFF, "", ALWAYS),
    "security_trust": Permission(STAFF, "", CHANGES),
    "security_forget": Permission(STAFF, "own device"),
    # Its form asks for the password in force.
    "security_password": Permission(STAFF),
    "security_people": Permission(ADMINISTRATORS),
    "security_reset": Permission(ADMINISTRATORS, "person", CHANGES),
}

OF_NOBODY: dict[str, Permission] = {
    "set_language": Permission(ANYBODY),
    "healthz": Permission(MACHINES),
    "readyz": Permission(MACHINES),
    "metrics": Permission(MACHINES),
    "status:page": Permission(ANYBODY),
    "status:summary": Permission(MACHINES),
    "status:all": Permission(MACHINES),
    "status:active": Permission(MACHINES),
    "status:upcoming": Permission(MACHINES),
    "status:demo_summary": Permission(MACHINES),
    "emergency:report": Permission(ANYBODY),
    "emergency:order": Permission(ANYBODY),
    "emergency:maintenance_notice": Permission(ANYBODY),
    "emergency:discard_draft": Permission(ANYBODY),
    "emergency:logo": Permission(ANYBODY),
    "emergency:manifest": Permission(ANYBODY),
    "emergency:app_icon": Permission(ANYBODY),
    # The demonstration's stage; elsewhere there is none.
    "emergency:stage": Permission(ANYBODY),
    "emergency:stage_now": Permission(ANYBODY),
    "emergency:stage_story": Permission(ANYBODY),
    "emergency:stage_desk": Permission(ANYBODY),
    "emergency:stage_brand": Permission(ANYBODY),
    "emergency:imprint": Permission(ANYBODY),
    "emergency:privacy_notice": Permission(ANYBODY),
    "emergency:accessibility": Permission(ANYBODY),
    "emergency:withdrawal": Permission(ANYBODY),
    "emergency:tracking": Permission(TOKEN, "token"),
    "emergency:tracking_fact": Permission(TOKEN, "token"),
    "emergency:tracking_file": Permission(TOKEN, "token"),
    "emergency:tracking_own_file": Permission(TOKEN, "file"),
    "emergency:tracking_number": Permission(TOKEN, "token"),
    "emergency:tracking_limit": Permission(TOKEN, "token"),
    "emergency:tracking_answer": Permission(TOKEN, "proposal"),
    "emergency:tracking_order_record": Permission(TOKEN, "token"),
    "emergency:tracking_cancel": Permission(TOKEN, "token"),
    "emergency:tracking_withdraw": Permission(TOKEN, "token"),
    "emergency:tracking_acknowledgement": Permission(TOKEN, "token"),
    "emergency:tracking_solved": Permission(TOKEN, "token"),
    "emergency:tracking_object": Permission(TOKEN, "token"),
    "emergency:tracking_again": Permission(TOKEN, "token"),
    "emergency:calendar": Permission(TOKEN, "token"),
    "emergency:answer": Permission(TOKEN, "token"),
    "emergency:account": Permission(CUSTOMERS),
    "emergency:account_incident": Permission(CUSTOMERS, "incident"),
    "emergency:account_order_record": Permission(CUSTOMERS, "incident"),
    "emergency:sign_in": Permission(ANYBODY),
    "emergency:sign_in_pin": Permission(ANYBODY),
    "emergency:sign_in_sent": Permission(ANYBODY),
    "emergency:sign_in_link": Permission(TOKEN, "token"),
    "emergency:sign_out": Permission(ANYBODY),
    "emergency:auditor_in": Permission(TOKEN, "token"),
    "emergency:colleague_in": Permission(TOKEN, "token"),
    "inbound_calls:voice_inbound": Permission(MACHINES),
    "inbound_calls:voice_inbound_key": Permission(MACHINES),
    "bridge_calls:bridge_status": Permission(MACHINES, "token"),
    "bridge_calls:bridge_key": Permission(MACHINES, "token"),
    "bridge_calls:bridge_leg": Permission(MACHINES, "token"),
    "bridge_calls:bridge_done": Permission(MACHINES, "token"),
    "bridge_calls:bridge_outcome": Permission(MACHINES, "token"),
    "webhooks:voice_key": Permission(MACHINES, "token"),
    "webhooks:page_status": Permission(MACHINES, "token"),
    "webhooks:voice_machine": Permission(MACHINES, "token"),
    "webhooks:house_voice": Permission(MACHINES),
    "webhooks:house_sms": Permission(MACHINES),
    "webhooks:sms_inbound": Permission(MACHINES),
    "webhooks:gateway_status": Permission(MACHINES, "token"),
    "webhooks:gateway_inbound": Permission(MACHINES),
}

DESK_AND_HOUSE: dict[str, Permission] = {
    "emergency:accounts_import": Permission(MANAGERS),
    "emergency:accounts_import_upload": Permission(MANAGERS, "", CHANGES),
    "emergency:accounts_import_run": Permission(MANAGERS, "import"),
    "emergency:accounts_import_confirm": Permission(MANAGERS, "import", CHANGES),
    "emergency:accounts_import_discard": Permission(MANAGERS, "import", CHANGES),
    "emergency:links": Permission(ADMINISTRATORS),
    "emergency:audit": Permission(MANAGERS),
    "emergency:audit_export": Permission(MANAGERS, "", FILE),
    "emergency:board": Permission(DESK, without_factor=True),
    "emergency:board_fragment": Permission(DESK, without_factor=True),
    "emergency:desk_icon": Permission(DESK, without_factor=True),
    "emergency:engine": Permission(DESK),
    "emergency:engine_now": Permission(DESK),
    "emergency:engine_test": Permission(DESK, "route"),
    "emergency:desk_mail": Permission(DESK),
    "emergency:mail_attach": Permission(DESK, "mail"),
    "emergency:mail_dismiss": Permission(DESK, "mail"),
    "emergency:mail_attachment": Permission(DESK, "mail"),
    "emergency:added_file": Permission(DESK, "file"),
    "emergency:desk_ended": Permission(DESK),
    "emergency:desk_accounts": Permission(DESK),
    "emergency:desk_account": Permission(DESK, "account"),
    "emergency:incident": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_now": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_take": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_release": Permission(DESK, "incident"),
    "emergency:incident_hand_over": Permission(DESK, "incident"),
    "emergency:incident_call_in": Permission(DESK, "incident"),
    "emergency:incident_accept": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_attempt": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_bridge": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_bridge_now": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_own_phone": Permission(DESK, "incident", without_factor=True),
    "emergency:incident_note": Permission(DESK, "incident"),
    "emergency:incident_time": Permission(DESK, "incident"),
    "emergency:incident_timer": Permission(DESK, "incident"),
    "emergency:incident_timer_confirm": Permission(DESK, "own timer"),
    "emergency:incident_timer_switch": Permission(DESK, "own timer"),
    # A colleague may stop one that was forgotten, and say what it was.
    "emergency:incident_timer_stop": Permission(DESK, "timer"),
    "emergency:incident_timer_review": Permission(DESK, "timer"),
    "emergency:drill": Permission(MANAGERS),
    "emergency:incident_amend": Permission(DESK, "time entry"),
    "emergency:incident_revoke_link": Permission(DESK, "report"),
    "emergency:incident_feedback": Permission(DESK, "incident"),
    "emergency:incident_ask_analysis": Permission(DESK, "incident"),
    "emergency:incident_ask_limit": Permission(DESK, "incident"),
    "emergency:incident_answer": Permission(DESK, "proposal"),
    "emergency:incident_order_record": Permission(DESK, "incident"),
    "emergency:incident_resolve": Permission(DESK, "incident"),
    "emergency:incident_reopen": Permission(DESK, "incident"),
    "emergency:incident_close": Permission(DESK, "incident"),
    "emergency:incident_cancel": Permission(DESK, "incident"),
    "emergency:incident_account": Permission(DESK, "incident"),
    "emergency:incident_merge": Permission(DESK, "incident"),
    "emergency:reportable": Permission(DESK),
    "emergency:reportable_flag": Permission(DESK, "incident"),
    "emergency:reportable_case": Permission(DESK, "case"),
    "emergency:reportable_add": Permission(MANAGERS, "case"),
    "emergency:reportable_step": Permission(MANAGERS, "case"),
    "emergency:reportable_waive": Permission(MANAGERS, "case"),
    "emergency:reportable_known": Permission(MANAGERS, "case"),
    "emergency:reportable_end": Permission(MANAGERS, "case"),
    "emergency:reportable_export": Permission(MANAGERS, "case", FILE),
    "emergency:account_facts": Permission(MANAGERS, "account"),
    "emergency:contact_add": Permission(MANAGERS, "account", CHANGES),
    "emergency:contact_retire": Permission(MANAGERS, "contact", CHANGES),
    "emergency:pin_new": Permission(MANAGERS, "account", CHANGES),
    "emergency:pin_revoke": Permission(MANAGERS, "account", CHANGES),
    "emergency:roster": Permission(DESK),
    "emergency:readiness": Permission(MANAGERS),
    "emergency:drop_out": Permission(DESK, "schedule"),
    "emergency:come_back": Permission(DESK, "own drop-out"),
    "emergency:succeed": Permission(DESK, "own drop-out", without_factor=True),
    "emergency:hand_off_confirm": Permission(DESK, "own hand-off"),
    "emergency:override_add": Permission(MANAGERS, "schedule", CHANGES),
    "emergency:override_cancel": Permission(MANAGERS, "override", CHANGES),
    "emergency:swap_add": Permission(DESK, "schedule", CHANGES),
    "emergency:swap_answer": Permission(DESK, "own swap", CHANGES),
    "emergency:schedule_add": Permission(MANAGERS, "", CHANGES),
    "emergency:schedule_change": Permission(MANAGERS, "schedule", CHANGES),
    "emergency:rotation_add": Permission(MANAGERS, "schedule", CHANGES),
    "emergency:rotation_change": Permission(MANAGERS, "rotation", CHANGES),
    "emergency:rotation_remove": Permission(MANAGERS, "rotation", CHANGES),
    "emergency:duty_figures": Permission(DESK),
    "emergency:duty_figures_csv": Permission(DESK, "", FILE),
    "emergency:what_if": Permission(DESK),
    "emergency:roster_plan": Permission(DESK, "schedule"),
    "emergency:own_absences": Permission(DESK),
    "emergency:absences": Permission(DESK, "own person"),
    "emergency:absence_add": Permission(DESK, "own person", CHANGES),
    "emergency:absence_import": Permission(DESK, "own person", CHANGES),
    "emergency:feed_renew": Permission(DESK, "own person", CHANGES),
    "emergency:absence_remove": Permission(DESK, "own absence", CHANGES),
    "emergency:schedule_feed_renew": Permission(MANAGERS, "schedule", CHANGES),
    "emergency:policies": Permission(MANAGERS),
    "emergency:policy_add": Permission(MANAGERS, "", CHANGES),
    "emergency:policy_change": Permission(MANAGERS, "policy", CHANGES),
    "emergency:own_reach": Permission(DESK),
    "emergency:contact_card": Permission(DESK),
    "emergency:reach": Permission(DESK, "own person"),
    "emergency:method_add": Permission(DESK, "own person", CHANGES),
    "emergency:rules_set": Permission(DESK, "own person", CHANGES),
    "emergency:page_me": Permission(DESK, "own person"),
    "emergency:method_prove": Permission(DESK, "own contact method"),
    "emergency:method_change": Permission(DESK, "own contact method", CHANGES),
    "emergency:privacy": Permission(MANAGERS),
    "emergency:privacy_export": Permission(MANAGERS, "", FILE),
    "emergency:privacy_erase": Permission(MANAGERS, "", CHANGES),
    "emergency:privacy_hold": Permission(MANAGERS, "", CHANGES),
    "emergency:privacy_lift": Permission(MANAGERS, "hold", CHANGES),
    "emergency:operator": Permission(MANAGERS),
    "emergency:operator_save": Permission(MANAGERS, "", CHANGES),
    "emergency:closing_day_add": Permission(MANAGERS),
    "emergency:operator_texts": Permission(MANAGERS),
    "emergency:operator_text": Permission(MANAGERS, "text"),
    "emergency:closing_day_remove": Permission(MANAGERS),
    "emergency:operator_limits": Permission(ADMINISTRATORS, "", CHANGES),
    "emergency:promise": Permission(MANAGERS),
    "emergency:promise_csv": Permission(MANAGERS, "", FILE),
    "emergency:promise_pdf": Permission(MANAGERS, "", FILE),
    "emergency:desk_report": Permission(DESK),
    "emergency:desk_report_order": Permission(DESK),
    "emergency:colleagues": Permission(ADMINISTRATORS),
    "emergency:colleague_add": Permission(ADMINISTRATORS, "", CHANGES),
    "emergency:colleague": Permission(ADMINISTRATORS, "person", CHANGES),
    "emergency:colleague_password": Permission(ADMINISTRATORS, "person", CHANGES),
    "emergency:auditors": Permission(ADMINISTRATORS),
    "emergency:auditor_grant": Permission(ADMINISTRATORS, "", CHANGES),
    "emergency:auditor_end": Permission(ADMINISTRATORS, "grant", CHANGES),
    "emergency:status_pages": Permission(MANAGERS),
    "emergency:status_look": Permission(MANAGERS),
    "emergency:status_add": Permission(MANAGERS),
    "emergency:status_fixed": Permission(MANAGERS),
    "emergency:status_check": Permission(MANAGERS, "status page"),
    "emergency:status_switch": Permission(MANAGERS, "status page"),
    "emergency:own_page": Permission(MANAGERS),
    "emergency:own_page_open": Permission(MANAGERS),
    "emergency:own_page_announce": Permission(MANAGERS),
    "emergency:own_page_change": Permission(MANAGERS, "window"),
    "emergency:own_page_end": Permission(MANAGERS, "window"),
}

TABLE: dict[str, Permission] = {**SIGN_IN, **OF_NOBODY, **DESK_AND_HOUSE}
