"""Shape only: fields, choices, constraints, querysets. Changes happen in actions."""

from emergency.models.account import Account, Contact, Server, ServerAlias
from emergency.models.attempt import CallbackAttempt
from emergency.models.audit import AuditEntry
from emergency.models.bridge import Bridge
from emergency.models.device import TrustedDevice
from emergency.models.draft import Draft, DraftFile
from emergency.models.drill import DrillLink
from emergency.models.due import DueRow
from emergency.models.duty import Absence, DropOut, HandOff, RosterEntry, Swap
from emergency.models.feedback import Feedback, ServiceState
from emergency.models.identity import (
    NetworkTouch,
    SignInLink,
    SignInRequest,
    SupportPin,
)
from emergency.models.imports import AccountImport, AccountImportFile
from emergency.models.incident import (
    DocumentFact,
    Incident,
    Note,
    TimelineEntry,
)
from emergency.models.links import LinkTemplate
from emergency.models.mail import MailAttachment, ReceivedMail
from emergency.models.maintenance_notice import MaintenanceNotice
from emergency.models.message import Message
from emergency.models.operator import (
    Heartbeat,
    Holiday,
    OperatorLogo,
    OperatorProfile,
    OperatorText,
    RateLimit,
)
from emergency.models.page import Page, PageAttempt, ProviderCallback
from emergency.models.policy import EscalationPolicy, EscalationStep
from emergency.models.privacy import (
    Erasure,
    LegalHold,
    PrivacyRequest,
    Settlement,
)
from emergency.models.proposal import Answer, CostLimit, Proposal
from emergency.models.report import Circumstances, Consent, Report, ReportServer
from emergency.models.reportable import ReportableCase, ReportableFact
from emergency.models.rights import (
    Cancellation,
    Objection,
    SolutionAnswer,
    Withdrawal,
)
from emergency.models.route import RouteHealth, SelfTest
from emergency.models.schedule import (
    Override,
    Rotation,
    RotationMember,
    Schedule,
    When,
)
from emergency.models.staff import (
    AuditorGrant,
    ContactMethod,
    NotificationRule,
    Role,
    Staff,
    Technician,
)
from emergency.models.timelog import TimeEntry
from emergency.models.timer import Timer
from emergency.models.tracking import AddedFact, AddedFile, AddedNumber, RevokedLink
from emergency.models.tracking_link import TrackingLink

__all__ = [
    "Absence",
    "Account",
    "AccountImport",
    "AccountImportFile",
    "AddedFact",
    "AddedFile",
    "AddedNumber",
    "Answer",
    "AuditEntry",
    "AuditorGrant",
    "Bridge",
    "CallbackAttempt",
    "Cancellation",
    "Circumstances",
    "Consent",
    "Contact",
    "ContactMethod",
    "CostLimit",
    "DocumentFact",
    "Draft",
    "DraftFile",
    "DrillLink",
    "DropOut",
    "DueRow",
    "Erasure",
    "EscalationPolicy",
    "EscalationStep",
    "Feedback",
    "HandOff",
    "Heartbeat",
    "Holiday",
    "Incident",
    "LegalHold",
    "LinkTemplate",
    "MailAttachment",
    "MaintenanceNotice",
    "Message",
    "NetworkTouch",
    "Note",
    "NotificationRule",
    "Objection",
    "OperatorLogo",
    "OperatorProfile",
    "OperatorText",
    "Override",
    "Page",
    "PageAttempt",
    "PrivacyRequest",
    "Proposal",
    "ProviderCallback",
    "RateLimit",
    "ReceivedMail",
    "Report",
    "ReportServer",
    "ReportableCase",
    "ReportableFact",
    "RevokedLink",
    "Role",
    "RosterEntry",
    "Rotation",
    "RotationMember",
    "RouteHealth",
    "Schedule",
    "SelfTest",
    "Server",
    "ServerAlias",
    "ServiceState",
    "Settlement",
    "SignInLink",
    "SignInRequest",
    "SolutionAnswer",
    "Staff",
    "SupportPin",
    "Swap",
    "Technician",
    "TimeEntry",
    "TimelineEntry",
    "Timer",
    "TrackingLink",
    "TrustedDevice",
    "When",
    "Withdrawal",
]
