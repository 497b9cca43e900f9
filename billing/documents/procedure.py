"""The procedure document: how invoices come about and are kept in this installation.

Source: the description of procedures that an audit asks for (BAO §§ 131, 132; in
Germany GoBD section 10.1). Whatever can be read from settings, tables and code is read
there when the document is made, so that it cannot be older than the product.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import wording
from billing.documents.procedure_facts import (
    prices,
    readings,
    roles_and_auditors,
    set_up,
    versions,
    waiting_reasons,
)
from billing.documents.renderer import load_renderer
from billing.models import EInvoice, Issuer, VatRate
from billing.models.money import CURRENCY
from billing.queries.keeping import series, triggers
from billing.rules.numbering import PREFIXES
from billing.rules.rating import RATING_VERSION
from billing.rules.recipient import SMALL_AMOUNT

TEMPLATE = "billing/pdf/order_record.html"
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part: sentences, then labelled values."""

    title: str
    rows: Rows = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """The whole document in one language. ``reference`` is whose it is."""

    reference: str
    language: str
    title: str
    made_at: str
    sections: tuple[Section, ...]


def procedure(
    *, language: str, retries: tuple[timedelta, ...], now: datetime
) -> Procedure:
    """The procedure as it is now, in the active language, which ``language`` names."""
    issuer = Issuer.objects.filter(valid_from__lte=timezone.localdate(now)).last()
    parts: tuple[Callable[[], Section], ...] = (
        lambda: _scope(issuer, now),
        lambda: Section(title=_("What the operator has chosen"), rows=set_up()),
        _way,
        lambda: Section(title=_("Prices"), rows=prices(), texts=_rating()),
        lambda: Section(title=_("Rating policy in force"), rows=readings(now)),
        lambda: Section(
            title=_("What is held, and who may let it go on"), rows=waiting_reasons()
        ),
        _numbers,
        _issuing,
        _immutable,
        _corrections,
        lambda: _sending(retries),
        lambda: Section(title=_("Who may do what"), rows=roles_and_auditors()),
        _keeping,
        lambda: Section(title=_("Versions and schedules"), rows=versions()),
    )
    return Procedure(
        reference=(issuer.legal_name if issuer else "") or _("Issuer not named yet"),
        language=language,
        title=_("Procedure document for invoices"),
        made_at=wording.local_time(now),
        sections=tuple(part() for part in parts),
    )


def procedure_pdf(document: Procedure) -> bytes:
    """The document as tagged PDF/A. Raises RendererMissing."""
    html = render_to_string(TEMPLATE, {"record": document})
    identifier = sha256(f"procedure {document.made_at}".encode()).digest()[:16]
    return load_renderer().to_pdf(html, identifier=identifier)


def _vat_rate(now: datetime) -> str:
    try:
        return wording.percent(VatRate.objects.on(timezone.localdate(now)))
    except VatRate.DoesNotExist:
        return "–"


def _scope(issuer: Issuer | None, now: datetime) -> Section:
    return Section(
        title=_("What this document covers"),
        texts=(
            _(
                "From the logged minute to the issued, sent and kept document. It is"
                " made by the product from its settings, tables and rules and describes"
                " them as they were at the time above."
            ),
        ),
        rows=(
            (_("Issuer"), issuer.legal_name if issuer else "–"),
            (_("VAT id"), issuer.vat_id if issuer else "–"),
            (_("VAT rate"), _vat_rate(now)),
            (_("Days to pay"), str(issuer.payment_days) if issuer else "–"),
            (_("Time zone of all dates"), settings.TIME_ZONE),
            (_("Address of the installation"), settings.PUBLIC_BASE_URL),
        ),
    )


def _way() -> Section:
    return Section(
        title=_("The way of a document"),
        texts=(
            _(
                "Draft: for each ended emergency one draft is computed from the logged"
                " time, the fee terms that the customer accepted, the account and the"
                " issuer. Until approval it is computed again whenever these change."
            ),
            _(
                "Approved: a person has approved it. Time can no longer be amended,"
                " lines and their explanation are frozen."
            ),
            *(_handed_over() if _hands_over() else _issued_here()),
        ),
    )


def _hands_over() -> bool:
    return bool(settings.BILLING_MODE == "hand_over")


def _handed_over() -> tuple[str, ...]:
    """The rest of the way where the operator's own billing system issues."""
    return (
        _(
            "Handed over: the approved lines go to the operator's own billing system,"
            " which makes the invoice, gives its number, sends it and is paid. What was"
            " handed over is kept byte by byte with its hash and never changed."
        ),
        _(
            "Answered: number and status come back signed, or a person enters them;"
            " every answer is kept. What was refused is a draft again."
        ),
        _(
            "Nothing is numbered here. What follows about numbers, form, sending and"
            " corrections is about documents that were issued here before."
        ),
    )


def _issued_here() -> tuple[str, ...]:
    """The rest of the way where documents are issued here."""
    return (
        _(
            "Collective: of an account that wants one invoice a month, the approved"
            " emergencies of the month stand in one document with all their lines."
        ),
        _(
            "Issued: number, date, copies of issuer and recipient, PDF and XML with"
            " their hashes are written in one transaction, or nothing is."
        ),
        _(
            "Sent: each attempt to send is a row of its own. Every step of a"
            " document is kept with time and person."
        ),
        _(
            "Settled: payments and credit notes are bookings that are only added;"
            " one that was wrong is taken back by another."
        ),
    )


def _rating() -> tuple[str, ...]:
    return (
        _("Rules of rating: version %(version)s.") % {"version": RATING_VERSION},
        _(
            "Seconds of all entries of one kind are added first, then rounded up once"
            " by the increment of the rating policy. A line is rounded half up to the"
            " cent. VAT is computed once per rate on the sum and rounded half up."
        ),
    )


def _numbers() -> Section:
    kinds = {"invoice": _("Invoices"), "credit_note": _("Credit notes")}
    year = _("year")
    state = {True: _("complete"), False: _("not complete: please look")}
    return Section(
        title=_("Numbers"),
        texts=(
            _(
                "Each kind has one series a year. The counter is a row that is locked"
                " last in the transaction that issues; if that fails, the number was"
                " never given. Dates never go back within a series."
            ),
        ),
        rows=(
            *((name, f"{PREFIXES[kind]}-{year}-00001") for kind, name in kinds.items()),
            *(
                (
                    f"{kinds.get(one.kind, one.kind)} {one.year}",
                    _("last %(number)s of %(day)s, documents: %(documents)s, %(state)s")
                    % {
                        "number": one.last_number if one.last else "–",
                        "day": wording.day(one.last_date) if one.last_date else "–",
                        "documents": one.documents,
                        "state": state[one.complete],
                    },
                )
                for one in series()
            ),
        ),
    )


def _issuing() -> Section:
    forms = ", ".join(str(label) for label in EInvoice.Kind.labels)
    return Section(
        title=_("Form of the documents"),
        rows=(
            (_("PDF"), "PDF/A-3a, Factur-X (EN 16931)"),
            (_("Electronic formats"), forms),
            (_("Proof that bytes are unchanged"), "SHA-256"),
        ),
        texts=(
            _(
                "Before the number is taken, sums and dates are checked against each"
                " other. A document that contradicts itself is not issued."
            ),
            _(
                "Above %(most)s gross, and wherever no tax is shown, the recipient's"
                " whole address is needed. Up to there an invoice may say less (UStG"
                " § 11 (6)); without name and country it carries no XML."
            )
            % {"most": wording.money(SMALL_AMOUNT, CURRENCY)},
        ),
    )


def _immutable() -> Section:
    return Section(
        title=_("Nothing issued can be changed"),
        texts=(
            _(
                "The database itself refuses to change or delete an issued document,"
                " its lines, taxes, files and history. These rules are switched on in"
                " this database:"
            ),
        ),
        rows=tuple((name, table) for table, name in triggers())
        or ((_("none"), _("not complete: please look")),),
    )


def _corrections() -> Section:
    return Section(
        title=_("Corrections and objections"),
        texts=(
            _(
                "An issued document is corrected by a credit note only. It names its"
                " invoice and the lines; who made it and why stands in the history of"
                " both. Each line is credited once. Its VAT is the VAT on everything"
                " credited so far less what was credited before, so that all credit"
                " notes add up to the invoice."
            ),
            _(
                "When a customer objects, the document is held. It is answered in"
                " writing or credited; both are kept with person, time and reason."
            ),
        ),
    )


def _sending(retries: tuple[timedelta, ...]) -> Section:
    minutes = ", ".join(str(int(one.total_seconds()) // 60) for one in retries)
    return Section(
        title=_("Sending"),
        rows=(
            (_("Sender"), settings.DEFAULT_FROM_EMAIL),
            (_("Tried again after minutes"), minutes),
        ),
        texts=(_("After the last attempt the document waits for a person."),),
    )


def _keeping() -> Section:
    return Section(
        title=_("Keeping"),
        texts=(
            _(
                "Documents, their files and their history are kept at least seven years"
                " from the end of the calendar year (BAO § 132). No purge touches"
                " them; the database refuses their deletion."
            ),
            _(
                "They stand in PostgreSQL with their bytes. Whoever backs up the"
                " database backs up the books; the backup is the operator's task."
            ),
        ),
    )
