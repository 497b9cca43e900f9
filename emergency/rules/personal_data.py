"""Which columns hold what about people: the register of processing, field by field.

Every column with text of every table stands here, or a contract test fails. It is what
purge, export and erasure go by (GDPR Art. 30, 15, 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from emergency.rules.retention import Class

SHORT, CASE, EVIDENCE = Class.SHORT, Class.CASE, Class.EVIDENCE
ACCOUNTING, ACCOUNT = Class.ACCOUNTING, Class.ACCOUNT
WORKPLACE, TECHNICAL = Class.WORKPLACE, Class.TECHNICAL


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The text of one table, by class.

    ``through`` are the ways from a row to its incident, which decides when it is
    erased. ``aged_by`` is the column of their age, for rows without one: where both
    stand, a row that belongs to an incident goes with it, and what is ``short`` goes by
    its age, but never while its incident is held.
    ``goes``: the row has no meaning without its text and is deleted; otherwise its
    columns are emptied and the row stays. ``shared``: it may belong to several
    incidents and is erased with the last of them.
    """

    fields: Mapping[Class, tuple[str, ...]]
    through: tuple[str, ...] = ()
    aged_by: str = ""
    goes: bool = False
    shared: bool = False


def only(kind: Class, *fields: str) -> Kept:
    """A table that no purge touches."""
    return Kept(fields={kind: fields})


CUSTOMERS: dict[str, Kept] = {
    "Account": only(ACCOUNT, "number", "name", "language", "external_id"),
    "Server": Kept(
        fields={
            ACCOUNT: ("name", "address", "external_id", "contract_reference"),
            TECHNICAL: ("status_components",),
        }
    ),
    "ServerAlias": only(ACCOUNT, "value"),
    # Places and codes of rows; what stood in them goes with the file.
    "AccountImport": only(
        TECHNICAL,
        *("source", "digest", "fingerprint", "counts", "problems", "failure"),
    ),
    "AccountImportFile": Kept(fields={SHORT: ("content",)}, aged_by="at", goes=True),
    # Retired people are forgotten like a case that is settled.
    "Contact": Kept(
        fields={
            CASE: ("name", "email", "phone_number", "external_id"),
            TECHNICAL: ("language",),
        },
        aged_by="retired_at",
    ),
    "SupportPin": only(TECHNICAL, "secret"),
    "SignInRequest": Kept(
        fields={SHORT: ("email",)}, aged_by="requested_at", goes=True
    ),
    "SignInLink": Kept(
        fields={SHORT: ("token_hash",)}, aged_by="created_at", goes=True
    ),
    "NetworkTouch": Kept(
        fields={SHORT: ("address",)},
        through=("report__incident",),
        aged_by="at",
        goes=True,
    ),
}

INCIDENTS: dict[str, Kept] = {
    "Incident": Kept(
        fields={CASE: ("resolution",), TECHNICAL: ("reference", "policy_snapshot")},
        through=("pk",),
    ),
    "TimelineEntry": only(TECHNICAL, "code", "values"),
    "CallbackAttempt": Kept(fields={CASE: ("number",)}, through=("incident",)),
    "Bridge": Kept(
        fields={
            CASE: ("customers_number", "extension"),
            WORKPLACE: ("technicians_number",),
            TECHNICAL: (
                *("token", "digit", "provider_id", "provider_status"),
                *("leg_id", "leg_status", "end_code"),
            ),
        },
        through=("incident",),
    ),
    "Note": Kept(fields={CASE: ("text",)}, through=("incident",), goes=True),
    "DocumentFact": only(ACCOUNTING, "kind", "number", "url_name", "public_url_name"),
    "DueRow": only(TECHNICAL, "last_error"),
    "TimeEntry": only(ACCOUNTING, "waiver_reason", "amendment_reason"),
    # Instants and codes; what is charged of it is a time entry.
    "Timer": only(ACCOUNTING),
    "DrillLink": only(TECHNICAL, "token_hash"),
    "Feedback": Kept(fields={CASE: ("next_step",)}, through=("incident",)),
    "ServiceState": Kept(
        fields={CASE: ("server_name",)}, through=("feedback__incident",), goes=True
    ),
}

REPORTS: dict[str, Kept] = {
    "Report": Kept(
        fields={
            CASE: (
                *("reporter_name", "reporter_email"),
                *("callback_number", "callback_number_typed"),
                *("callback_extension", "problem_description", "reproduction_steps"),
                "recent_changes",
            ),
            EVIDENCE: ("maintenance_result", "maintenance_evidence"),
            TECHNICAL: ("order_key", "token_hash", "language", "above_limits"),
        },
        through=("incident",),
    ),
    "ReportServer": only(ACCOUNTING, "typed", "name"),
    # What was accepted explains the invoice as long as there is one.
    "Consent": only(
        ACCOUNTING,
        *("language", "terms_version", "terms", "button_text"),
        *("declarations", "read_out"),
    ),
    "Circumstances": only(ACCOUNTING, "tariff_reason", "values", "texts_version"),
    "TrackingLink": only(TECHNICAL, "token_hash"),
    "RevokedLink": only(TECHNICAL),
    "Draft": Kept(
        fields={
            SHORT: ("typed", "network_address"),
            TECHNICAL: ("cookie_hash", "order_key"),
        },
        aged_by="updated_at",
        goes=True,
    ),
    "MaintenanceNotice": Kept(
        fields={
            SHORT: ("email", "servers"),
            TECHNICAL: ("language", "windows", "title"),
        },
        aged_by="asked_at",
        goes=True,
    ),
    "DraftFile": Kept(
        fields={SHORT: ("name", "content"), TECHNICAL: ("content_type", "digest")},
        aged_by="at",
        goes=True,
    ),
    "AddedFact": Kept(
        fields={CASE: ("text",)}, through=("report__incident",), goes=True
    ),
    "AddedFile": Kept(
        fields={CASE: ("name", "content"), TECHNICAL: ("content_type", "digest")},
        through=("report__incident",),
        goes=True,
    ),
    "AddedNumber": Kept(
        fields={CASE: ("number", "typed", "extension", "name")},
        through=("report__incident",),
        goes=True,
    ),
    "CostLimit": only(ACCOUNTING, "currency"),
    "Proposal": Kept(
        fields={EVIDENCE: ("text",), TECHNICAL: ("currency", "language")},
        through=("incident",),
    ),
    "Answer": Kept(fields={EVIDENCE: ("spoken_by",)}, through=("proposal__incident",)),
    "Cancellation": only(TECHNICAL),
    "Withdrawal": Kept(
        fields={
            EVIDENCE: ("name", "email", "acknowledgement"),
            TECHNICAL: ("language",),
        },
        through=("report__incident",),
    ),
    "Objection": Kept(fields={CASE: ("text",)}, through=("report__incident",)),
    "SolutionAnswer": only(TECHNICAL),
    "ReportableCase": only(TECHNICAL),
    "ReportableFact": Kept(
        fields={EVIDENCE: ("reference", "reason")},
        through=("case__incidents",),
        shared=True,
    ),
}

SENDING: dict[str, Kept] = {
    "Message": Kept(
        fields={
            CASE: ("address", "subject", "text"),
            TECHNICAL: (
                *("language", "token", "provider", "provider_id"),
                *("provider_status", "error_code"),
            ),
        },
        through=("incident",),
        # What is about no incident, but about somebody's sign-in.
        aged_by="due_at",
    ),
    # An automatic answer goes with its mail.
    "ReceivedMail": Kept(
        fields={
            CASE: ("sender", "sender_name", "subject", "text", "message_id"),
            TECHNICAL: ("mailbox", "uid_validity", "uid", "machine"),
        },
        through=("incident",),
        aged_by="received_at",
        goes=True,
    ),
    "MailAttachment": Kept(
        fields={CASE: ("name", "content_type", "content")},
        through=("mail__incident",),
        goes=True,
    ),
    # Numbers of staff; what a page says is made of codes when it is sent.
    "Page": Kept(
        fields={
            WORKPLACE: ("address",),
            TECHNICAL: ("digit", "code", "held_reason", "values", "error_code"),
        }
    ),
    "PageAttempt": only(
        TECHNICAL,
        *("token", "provider", "provider_id", "provider_status", "error_code"),
    ),
    # As the provider sent it, with the numbers on both ends.
    "ProviderCallback": Kept(
        fields={SHORT: ("values",), TECHNICAL: ("kind", "fingerprint")},
        through=(
            *("attempt__page__incident", "message__incident"),
            "bridge__incident",
        ),
        aged_by="received_at",
        goes=True,
    ),
    "RouteHealth": only(TECHNICAL, "route", "last_error"),
    "SelfTest": only(TECHNICAL, "route", "error_code"),
    "Heartbeat": only(TECHNICAL, "name", "by"),
}

HOUSE: dict[str, Kept] = {
    "Staff": only(WORKPLACE, "password", "email", "full_name", "language"),
    "TrustedDevice": Kept(fields={WORKPLACE: ("browser",), TECHNICAL: ("token_hash",)}),
    "AuditorGrant": only(WORKPLACE, "why"),
    "Technician": only(WORKPLACE, "first_name"),
    "ContactMethod": only(WORKPLACE, "address", "disabled_reason"),
    "NotificationRule": only(TECHNICAL),
    "Schedule": only(
        TECHNICAL, "name", "time_zone", "coverage_times", "shift_reminders"
    ),
    "Rotation": only(TECHNICAL, "name", "times"),
    "RotationMember": only(TECHNICAL),
    "Override": only(TECHNICAL),
    "Swap": only(TECHNICAL),
    "Absence": only(WORKPLACE, "uid"),
    "HandOff": only(TECHNICAL, "confirmed_via"),
    "DropOut": only(TECHNICAL, "declared_via"),
    "RosterEntry": only(WORKPLACE, "code", "values"),
    # Who of us did what, in codes and ids.
    "AuditEntry": only(WORKPLACE, "code", "subject", "values"),
    "LinkTemplate": only(TECHNICAL, "template"),
    "EscalationPolicy": only(TECHNICAL, "name", "reminders"),
    "EscalationStep": only(TECHNICAL, "channels"),
    "OperatorProfile": only(
        TECHNICAL,
        *("name", "hotline", "support_email", "status_page_url", "imprint"),
        *("office_days", "support_phone", "support_text", "privacy"),
        "accessibility_contact",
    ),
    "OperatorLogo": only(TECHNICAL, "digest", "content_type", "content"),
    "OperatorText": only(TECHNICAL, "key", "language", "text"),
    "RateLimit": only(TECHNICAL, "key"),
    "Holiday": only(TECHNICAL, "name"),
}

PRIVACY: dict[str, Kept] = {
    "Settlement": only(TECHNICAL),
    "LegalHold": Kept(fields={EVIDENCE: ("why",)}, aged_by="lifted_at"),
    "Erasure": only(TECHNICAL),
    "PrivacyRequest": Kept(
        fields={EVIDENCE: ("subject",), TECHNICAL: ("values",)}, aged_by="at"
    ),
}

REGISTER: dict[str, Kept] = {
    **CUSTOMERS,
    **INCIDENTS,
    **REPORTS,
    **SENDING,
    **HOUSE,
    **PRIVACY,
}
