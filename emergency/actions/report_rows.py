"""The rows of an order: the report, its consent, the circumstances."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emergency.actions.addition import Dialled, record_number
from emergency.actions.spoken import Spoken as Spoken
from emergency.models import (
    Circumstances,
    Consent,
    Incident,
    Report,
    ReportServer,
    Server,
)
from emergency.queries.customers import Customer
from emergency.queries.servers import words_of
from emergency.queries.tariff_words import recorded
from emergency.rules.joining import Named
from emergency.rules.tariff import Tariff
from emergency.terms import OfferedTerms


@dataclass(frozen=True, kw_only=True)
class OrderForm:
    """The cleaned form. ``callback_number`` is E.164, the other texts are as typed.

    ``servers`` are the names of the servers, none when the customer knows none;
    ``second`` is a further number to call.
    ``worked_before`` is the customer's declaration, None where none was given.
    ``ordered_as`` is business or consumer; ``declarations`` are what was ticked, word
    for word; ``texts_version`` names the operator's wordings that were shown.
    ``spoken`` is how it was ordered by telephone, None on the check page.
    """

    servers: tuple[str, ...]
    problem_description: str
    reproduction_steps: str
    recent_changes: str
    callback_number: str
    callback_number_typed: str
    callback_extension: str
    reporter_name: str
    language: str
    reporter_email: str = ""
    second: Dialled | None = None
    worked_before: bool | None = None
    ordered_as: str = ""
    declarations: tuple[str, ...] = ()
    texts_version: str = ""
    spoken: Spoken | None = None


@dataclass(frozen=True, kw_only=True)
class MaintenanceCheck:
    """What the status module said at report time: active, due, none or unknown.

    ``evidence`` holds plain values: window ids and names, source, fetch time.
    """

    result: str
    evidence: dict[str, Any] = field(default_factory=dict)


def write_report(
    incident: Incident,
    form: OrderForm,
    *,
    order_key: str,
    token_hash: str,
    maintenance: MaintenanceCheck,
    joined: bool,
    caller: Customer | None,
    now: datetime,
) -> Report:
    return Report.objects.create(
        incident=incident,
        order_key=order_key,
        token_hash=token_hash,
        ordered_at=now,
        language=form.language,
        reporter_name=form.reporter_name,
        reporter_email=form.reporter_email,
        callback_number=form.callback_number,
        callback_number_typed=form.callback_number_typed,
        callback_extension=form.callback_extension,
        problem_description=form.problem_description,
        reproduction_steps=form.reproduction_steps,
        recent_changes=form.recent_changes,
        maintenance_result=maintenance.result,
        maintenance_evidence=maintenance.evidence,
        verification=caller.verification if caller else Report.Verification.NONE,
        contact=caller.contact if caller else None,
        joined=joined,
    )


def named_servers(matched: Sequence[tuple[str, Server | None]]) -> list[Named]:
    """The servers as typed, each with the one it was matched to and its other words."""
    words = words_of([found for _typed, found in matched if found is not None])
    return [
        Named(typed=typed, server=None)
        if found is None
        else Named(typed=typed, server=found.pk, others=words[found.pk])
        for typed, found in matched
    ]


def record_servers(report: Report, named: Sequence[Named]) -> None:
    """The servers stand as they were typed, each with the one it was matched to."""
    ReportServer.objects.bulk_create(
        [
            ReportServer(
                report=report, typed=one.typed, server_id=one.server, name=one.name
            )
            for one in named
        ]
    )


def record_consent(
    report: Report,
    form: OrderForm,
    terms: OfferedTerms,
    button_text: str,
    now: datetime,
) -> None:
    """The acceptance stands: with the words of the button, or with its witness."""
    spoken = form.spoken
    report.consent = Consent.objects.create(
        report=report,
        accepted_at=now,
        language=report.language,
        terms_version=terms.terms.version,
        terms=terms.terms.to_json(),
        terms_fresh=terms.fresh,
        button_text="" if spoken else button_text,
        ordered_as=form.ordered_as,
        declarations=list(form.declarations),
        channel=Consent.Channel.TELEPHONE if spoken else Consent.Channel.PAGE,
        taken_by=spoken.staff if spoken else None,
        rung_by=spoken.rung_by if spoken else "",
        read_out=list(spoken.sentences) if spoken else [],
    )


def record_said(
    report: Report, form: OrderForm, tariff: Tariff | None, now: datetime
) -> None:
    """The further number is called like one that was added later; what was decided and
    declared stands beside the report."""
    if form.second is not None:
        record_number(report=report, dialled=form.second, now=now)
    if tariff is not None:
        Circumstances.objects.create(
            report=report,
            tariff_case=tariff.case.value,
            tariff_reason=tariff.reason.value,
            values=recorded(tariff),
            worked_before=form.worked_before,
            texts_version=form.texts_version,
        )
