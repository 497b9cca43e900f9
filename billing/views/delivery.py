"""How a document reaches its recipient: sent again, come back, and what goes along."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from billing.actions.delivered import note_delivered
from billing.actions.refusal import reason
from billing.actions.transmit import note_bounce, send_again
from billing.carriers.directory import CARRIERS
from billing.documents.records import record_pdf
from billing.documents.renderer import RendererMissing
from billing.forms import BouncedForm, DeliveredForm, SendForm
from billing.models import Document, Transmission
from billing.rules.records import Record
from billing.views.access import ACCOUNTING, READERS, only, staff_id
from billing.views.document_page import done_or_shown, ids_of
from emergency import billable


@require_POST
@only(ACCOUNTING)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The document goes out again, by mail or to another system."""
    get_object_or_404(Document, pk=pk)
    kind = request.POST.get("kind", Transmission.Kind.EMAIL.value)
    if kind not in CARRIERS:
        raise Http404
    who = staff_id(request)
    return done_or_shown(
        request,
        pk,
        "send",
        SendForm(request.POST, auto_id=ids_of("send")),
        lambda typed: send_again(
            document_id=pk,
            kind=kind,
            staff_id=who,
            address=typed["address"],
            now=timezone.now(),
        ),
        _("The document is on its way."),
    )


@require_POST
@only(ACCOUNTING)
def bounced(request: HttpRequest, pk: int, attempt: int) -> HttpResponse:
    sent = get_object_or_404(
        Transmission, document_id=pk, attempt=attempt, kind=Transmission.Kind.EMAIL
    )
    name, who = f"bounced-{attempt}", staff_id(request)
    return done_or_shown(
        request,
        pk,
        name,
        BouncedForm(request.POST, auto_id=ids_of(name)),
        lambda typed: note_bounce(
            transmission_id=sent.pk, staff_id=who, why=typed["why"], now=timezone.now()
        ),
        _("Noted: the e-mail came back."),
    )


@require_POST
@only(ACCOUNTING)
def delivered(request: HttpRequest, pk: int) -> HttpResponse:
    """A person delivered the document in another way."""
    get_object_or_404(Document, pk=pk)
    who = staff_id(request)
    return done_or_shown(
        request,
        pk,
        "delivered",
        DeliveredForm(request.POST, auto_id=ids_of("delivered")),
        lambda typed: note_delivered(
            document_id=pk, how=typed["how"], staff_id=who, now=timezone.now()
        ),
        _("Noted: it went another way."),
    )


@require_safe
@only(READERS)
@cache_control(private=True, no_store=True)
def record(request: HttpRequest, pk: int, kind: str, reference: str) -> HttpResponse:
    """A record of an emergency of this document, in the document's language."""
    document = get_object_or_404(Document, pk=pk)
    if reference not in document.references or kind not in set(Record):
        raise Http404
    try:
        made = record_pdf(
            Record(kind),
            reference=reference,
            language=document.language,
            now=timezone.now(),
        )
    except billable.UnknownReference:
        raise Http404 from None
    except RendererMissing:
        return HttpResponse(
            reason("renderer_missing"), status=HTTPStatus.SERVICE_UNAVAILABLE
        )
    return HttpResponse(
        made.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{made.name}"'},
    )
