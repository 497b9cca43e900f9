"""Shape only: fields, choices, constraints, querysets. Changes happen in actions."""

from emergency.models.account import Account, Contact, Server
from emergency.models.incident import (
    CallbackAttempt,
    DocumentFact,
    DueRow,
    Incident,
    Note,
    TimelineEntry,
)
from emergency.models.operator import Heartbeat, OperatorProfile
from emergency.models.page import Page, PageAttempt, ProviderCallback
from emergency.models.policy import EscalationPolicy, EscalationStep
from emergency.models.report import Consent, Report, ReportServer
from emergency.models.schedule import Override, Rotation, RotationMember, Schedule
from emergency.models.staff import ContactMethod, Role, Staff, Technician
from emergency.models.timelog import TimeEntry

__all__ = [
    "Account",
    "CallbackAttempt",
    "Consent",
    "Contact",
    "ContactMethod",
    "DocumentFact",
    "DueRow",
    "EscalationPolicy",
    "EscalationStep",
    "Heartbeat",
    "Incident",
    "Note",
    "OperatorProfile",
    "Override",
    "Page",
    "PageAttempt",
    "ProviderCallback",
    "Report",
    "ReportServer",
    "Role",
    "Rotation",
    "RotationMember",
    "Schedule",
    "Server",
    "Staff",
    "Technician",
    "TimeEntry",
    "TimelineEntry",
]
