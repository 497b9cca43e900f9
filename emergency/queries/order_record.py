"""The order record: everything that proves what was ordered, promised and done.

Times are UTC. Texts that were shown or promised stand word for word; everything else is
worded in the language of the reader. The customer's problem text is not part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from emergency.models import (
    CallbackAttempt,
    Circumstances,
    Consent,
    Incident,
    Message,
    Report,
)
from emergency.queries.amounts import money, percent
from emergency.queries.callback_record import CallbackCall, callback_record
from emergency.queries.tariff_words import ordered_under
from emergency.queries.wording import (
    document_word,
    maintenance_word,
    proof_word,
)
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the record: labelled values, then texts word for word."""

    title: str
    rows: tuple[tuple[str, str], ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderRecord:
    """The record of one incident as plain words, ready to be printed."""

    reference: str
    language: str
    title: str
    made_at: str
    sections: tuple[Section, ...]


def order_record(incident: Incident, *, language: str, now: datetime) -> OrderRecord:
    """The record of this incident as it stands, in the active language, which
    ``language`` names."""
    reports = (
        incident.reports.select_related("consent__taken_by", "withdrawal")
        .prefetch_related("servers", "objections")
        .order_by("ordered_at", "pk")
    )
    sections = [_of_incident(incident)]
    for report in reports:
        sections += _of_report(report)
    sections += [_of_callback(incident), *_of_proposals(incident), *_of_end(incident)]
    return OrderRecord(
        reference=incident.reference,
        language=language,
        title=_("Order record"),
        made_at=instant(now),
        sections=tuple(sections),
    )


def instant(at: datetime | None) -> str:
    """2026-03-10 01:11:00 UTC, or a dash."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "–"


def _of_incident(incident: Incident) -> Section:
    account = incident.account
    confirmed = instant(incident.caller_confirmed_at)
    return Section(
        title=_("Emergency"),
        rows=(
            (_("Reference"), incident.reference),
            (_("Account"), f"{account.number} {account.name}" if account else "–"),
            (_("Caller confirmed"), confirmed),
            (_("Status"), incident.get_status_display()),
            *(
                [(_("Drill"), _("yes, nothing is charged"))]
                if incident.is_drill
                else []
            ),
        ),
    )


def _of_report(report: Report) -> Iterator[Section]:
    terms = FeeTerms.from_json(report.consent.terms)
    evidence = report.maintenance_evidence
    yield Section(
        title=_("Joined report") if report.joined else _("Order"),
        rows=(
            (_("Received"), instant(report.ordered_at)),
            (_("Terms accepted by the customer"), instant(report.consent.accepted_at)),
            (_("Order accepted by us"), instant(report.accepted_at)),
            (
                _("Ordered as"),
                report.consent.get_ordered_as_display() or _("not asked"),
            ),
            (_("Order key"), report.order_key),
            (_("Language"), report.consent.language),
            (_("Verification"), report.get_verification_display()),
            (_("Server"), ", ".join(one.typed for one in report.servers.all()) or "–"),
            (_("Number to call"), str(report.callback_number)),
            (_("Maintenance"), maintenance_word(report.maintenance_result)),
            (
                _("Maintenance confirmed by the customer"),
                _("yes") if evidence.get("confirmed") else _("not asked or no"),
            ),
            *_way(report.consent),
            *_circumstances(report),
        ),
        texts=tuple(report.consent.declarations),
    )
    if report.consent.read_out:
        yield _of_telephone(report)
    if not report.joined:
        yield _of_terms(terms, fresh=report.consent.terms_fresh)


def _way(consent: Consent) -> Iterator[tuple[str, str]]:
    """The button that was pressed, or who heard the yes."""
    if consent.taken_by is None:
        yield _("Button"), consent.button_text
        return
    words = _(
        "taken by telephone by %(name)s, price read out, consent spoken at %(at)s"
    )
    values = {"name": consent.taken_by.full_name, "at": instant(consent.accepted_at)}
    yield _("Way"), words % values
    yield _("Who called"), consent.get_rung_by_display()


def _of_telephone(report: Report) -> Section:
    """What was read out, and what became of the confirmation in writing."""
    sent = report.messages.filter(purpose=Message.Purpose.CONFIRMATION)
    return Section(
        title=_("Read out, word for word"),
        rows=tuple(
            (
                _("Confirmed by %(kind)s") % {"kind": message.get_kind_display()},
                f"{instant(message.sent_at)}, {message.get_status_display()}",
            )
            for message in sent.order_by("due_at", "pk")
        ),
        texts=tuple(report.consent.read_out),
    )


def _circumstances(report: Report) -> Iterator[tuple[str, str]]:
    kept = Circumstances.objects.filter(report=report).first()
    if kept is None:
        return
    under = ordered_under(kept)
    yield _("Tariff"), f"{under.case}. {under.reason}"
    yield _("Did it work before?"), under.worked_before


def _of_terms(terms: FeeTerms, *, fresh: bool) -> Section:
    def both(gross: str, net: str) -> str:
        return _("%(gross)s gross, %(net)s net") % {"gross": gross, "net": net}

    currency = terms.currency
    return Section(
        title=_("Terms, word for word"),
        rows=(
            (_("Version"), terms.version),
            (_("Freshly read"), _("yes") if fresh else _("no, the last good copy")),
            (
                _("Initial fee"),
                both(
                    money(terms.initial_fee_gross, currency),
                    money(terms.initial_fee_net, currency),
                ),
            ),
            (_("VAT"), percent(terms.vat_rate)),
            (_("Included minutes"), str(terms.included_minutes)),
            (
                _("Support per hour"),
                both(
                    money(terms.support_hourly_gross, currency),
                    money(terms.support_hourly_net, currency),
                ),
            ),
            (
                _("Application analysis per hour"),
                both(
                    money(terms.application_analysis_hourly_gross, currency),
                    money(terms.application_analysis_hourly_net, currency),
                ),
            ),
            (
                _("Callback within"),
                _("%(minutes)d minutes")
                % {"minutes": terms.callback_within.total_seconds() // 60},
            ),
        ),
        texts=(terms.price_sentence, *terms.covered, *terms.not_covered),
    )


def _of_callback(incident: Incident) -> Section:
    record = callback_record(incident)
    outcomes = dict(CallbackAttempt.Outcome.choices)
    return Section(
        title=_("Callback"),
        rows=(
            (_("Promised by"), instant(record.promised_by)),
            (_("Taken"), instant(record.taken_at)),
            *(
                (instant(call.at), f"{outcomes[call.outcome]}. {call_proof(call)}")
                for call in record.calls
            ),
            (_("Reached"), instant(record.reached_at)),
            (_("Outcome"), incident.get_callback_outcome_display()),
        ),
    )


def call_proof(call: CallbackCall) -> str:
    """What proves this call, in the active language."""
    if call.proof != CallbackAttempt.Proof.BRIDGE or call.answered_at is None:
        return proof_word(call.proof, None)
    seconds = None if call.talked is None else round(call.talked.total_seconds())
    picked_up = _("Picked up: %(at)s.") % {"at": instant(call.answered_at)}
    return f"{proof_word(call.proof, seconds)} {picked_up}"


def _of_proposals(incident: Incident) -> Iterator[Section]:
    for proposal in incident.proposals.select_related("answer__staff"):
        answer = getattr(proposal, "answer", None)
        rows = [(_("Asked"), instant(proposal.at))]
        if answer is not None:
            rows += [
                (_("Answer"), answer.get_verdict_display()),
                (_("Answered"), instant(answer.at)),
                (_("By"), answer.get_via_display()),
            ]
        if answer is not None and answer.staff is not None:
            heard = f"{answer.spoken_by} / {answer.staff.full_name}"
            rows.append((_("Said by / noted by"), heard))
        yield Section(
            title=proposal.get_kind_display(),
            rows=tuple(rows),
            texts=(proposal.text,),
        )


def _of_end(incident: Incident) -> Iterator[Section]:
    cancellation = getattr(incident, "cancellation", None)
    if cancellation is not None:
        yield Section(
            title=_("Cancellation"),
            rows=(
                (_("Cancelled"), instant(cancellation.at)),
                (_("Free in every case until"), instant(cancellation.free_until)),
                (_("Taken"), instant(cancellation.taken_at)),
                (_("Free of charge"), _("yes") if cancellation.free else _("no")),
            ),
        )
    for report in incident.reports.select_related("withdrawal"):
        if hasattr(report, "withdrawal"):
            yield Section(
                title=_("Withdrawal"),
                rows=((_("Received"), instant(report.withdrawal.at)),),
                texts=(report.withdrawal.acknowledgement,),
            )
        for objection in report.objections.all():
            yield Section(
                title=_("Objection"),
                rows=(
                    (_("About"), objection.get_about_display()),
                    (_("Received"), instant(objection.at)),
                ),
                texts=(objection.text,) if objection.text else (),
            )
    yield Section(
        title=_("End"),
        rows=(
            (_("Cause"), incident.get_cause_display() or "–"),
            (_("Result"), incident.get_disposition_display() or "–"),
            (_("Solved"), instant(incident.resolved_at)),
            (_("Closed"), instant(incident.closed_at)),
            *(
                (
                    f"{document_word(fact.kind)} {fact.number}".strip(),
                    f"{money(fact.gross, 'EUR')}, {instant(fact.issued_at)}",
                )
                for fact in incident.documents.all()
            ),
        ),
    )
