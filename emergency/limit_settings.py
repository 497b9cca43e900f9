"""How much and how long: duty, attachments, retention, imports, from the environment.

What each variable means stands in `docs/configuration.md`.
"""

from emergency.environment import flag, whole_number

__all__ = [
    "ACCOUNTS_IMPORT_BRAKE_PERCENT",
    "ATTACHMENTS_MEGABYTES",
    "ATTACHMENTS_MOST",
    "ATTACHMENT_MEGABYTES",
    "DUTY_DAYS_IN_THREE_MONTHS",
    "DUTY_DAYS_PER_MONTH",
    "DUTY_FIGURES",
    "DUTY_HOURS_PER_MONTH",
    "DUTY_REST_HOURS",
    "DUTY_WEEKLY_RESTS_PER_MONTH",
    "RETENTION_CASE_DAYS",
    "RETENTION_EVIDENCE_DAYS",
    "RETENTION_SHORT_DAYS",
]

# What the law allows to be planned, per technician; rules/duty_limits.py names it.
DUTY_DAYS_PER_MONTH = whole_number("DUTY_DAYS_PER_MONTH", 10)
DUTY_DAYS_IN_THREE_MONTHS = whole_number("DUTY_DAYS_IN_THREE_MONTHS", 0)
DUTY_HOURS_PER_MONTH = whole_number("DUTY_HOURS_PER_MONTH", 168)
DUTY_WEEKLY_RESTS_PER_MONTH = whole_number("DUTY_WEEKLY_RESTS_PER_MONTH", 2)
DUTY_REST_HOURS = whole_number("DUTY_REST_HOURS", 8)
# Figures of each person for payroll; works councils have a say.
DUTY_FIGURES = flag("DUTY_FIGURES")
# What a customer may attach to one report: files, and megabytes of each and of all.
ATTACHMENTS_MOST = whole_number("ATTACHMENTS_MOST", 10)
ATTACHMENT_MEGABYTES = whole_number("ATTACHMENT_MEGABYTES", 10)
ATTACHMENTS_MEGABYTES = whole_number("ATTACHMENTS_MEGABYTES", 30)
# How long personal data is kept; rules/retention.py says from when on it counts.
RETENTION_SHORT_DAYS = whole_number("RETENTION_SHORT_DAYS", 90)
RETENTION_CASE_DAYS = whole_number("RETENTION_CASE_DAYS", 365)
RETENTION_EVIDENCE_DAYS = whole_number("RETENTION_EVIDENCE_DAYS", 1096)
# More per cent of one kind of rows changed or retired at once: a person confirms.
ACCOUNTS_IMPORT_BRAKE_PERCENT = whole_number("ACCOUNTS_IMPORT_BRAKE_PERCENT", 10)
