"""What the customer adds on the tracking page: facts, numbers, a limit, answers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import addition, proposal
from emergency.actions.refusal import Refused
from emergency.models import Proposal, Report
from emergency.queries.agreements import terms_of
from emergency.tracking_forms import FactForm, FileForm, LimitForm, NumberForm
from emergency.views.customer import tracking_page
from emergency.views.downloads import download
from emergency.views.tracking import back_to_page, refused_page


@tracking_page(everything=False)
@require_POST
def add_fact(request: HttpRequest, report: Report) -> HttpResponse:
    """The technician reads it at the desk."""
    form = FactForm(request.POST, auto_id="fact_%s")
    if form.is_valid():
        try:
            addition.add_fact(
                report_id=report.pk, text=form.cleaned_data["text"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return back_to_page(request)
    return refused_page(request, report, fact=form)


@tracking_page(everything=False)
@require_POST
def add_file(request: HttpRequest, report: Report) -> HttpResponse:
    """The technician opens it at the desk."""
    form = FileForm(request.POST, request.FILES, auto_id="file_%s")
    if form.is_valid():
        file = form.cleaned_data["file"]
        largest = settings.ATTACHMENT_MEGABYTES * 1024 * 1024
        try:
            addition.add_file(
                report_id=report.pk,
                name=file.name or "",
                # One byte more says that it is too large, without reading all of it.
                content=file.read(largest + 1),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return back_to_page(request)
    return refused_page(request, report, file=form)


@tracking_page(everything=False)
@require_safe
def own_file(request: HttpRequest, report: Report, file_id: int) -> HttpResponse:
    """A file of this very report, as a download."""
    file = report.added_files.filter(pk=file_id).first()
    if file is None:
        raise Http404
    return download(file.name, bytes(file.content))


@tracking_page(everything=False)
@require_POST
def add_number(request: HttpRequest, report: Report) -> HttpResponse:
    """We call this number, too."""
    form = NumberForm(request.POST, auto_id="number_%s")
    if form.is_valid() and form.dialled is not None:
        try:
            addition.add_number(
                report_id=report.pk,
                dialled=addition.Dialled(
                    number=form.dialled.e164,
                    typed=form.cleaned_data["number"],
                    extension=form.dialled.extension,
                    name=form.cleaned_data["name"],
                ),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("number", str(refusal))
        else:
            return back_to_page(request)
    return refused_page(request, report, number=form)


@tracking_page(everything=True)
@require_POST
def set_limit(request: HttpRequest, report: Report) -> HttpResponse:
    """We ask before it costs more; an empty amount takes the limit back."""
    least = terms_of(report.incident).initial_fee_gross
    form = LimitForm(request.POST, least=least, auto_id="limit_%s")
    if form.is_valid():
        try:
            proposal.set_limit(
                report_id=report.pk,
                gross=form.cleaned_data["gross"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("gross", str(refusal))
        else:
            return back_to_page(request)
    return refused_page(request, report, limit=form)


@tracking_page(everything=True)
@require_POST
def answer(request: HttpRequest, report: Report, proposal_id: int) -> HttpResponse:
    """The proposal is accepted or declined, once. 404 for one of another incident."""
    if request.POST.get("answer") not in {"yes", "no"}:
        return back_to_page(request)
    try:
        proposal.answer_on_page(
            report_id=report.pk,
            proposal_id=proposal_id,
            accepted=request.POST["answer"] == "yes",
            now=timezone.now(),
        )
    except Proposal.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return refused_page(request, report, notice=str(refusal))
    return back_to_page(request)
