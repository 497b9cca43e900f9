"""Exports: what was handed to the books, and handing over what is next."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from billing import wording
from billing.actions.export_settings import save_export_settings
from billing.actions.exporting import request_export
from billing.actions.refusal import BillingRefusal
from billing.export_forms import (
    ExportForm,
    ExportSettingsForm,
    SeenForm,
    TaxCodeForm,
    tax_keys,
)
from billing.exports.formats import MEDIA_TYPES, file_name
from billing.exports.handing_out import stream
from billing.exports.readiness import preview
from billing.exports.selection import repeated, selected
from billing.exports.words import problem_words
from billing.models import DocumentTax, ExportRun, ExportSettings, Issuer
from billing.queries import sums
from billing.rules.bookkeeping import Problem
from billing.rules.tax import Category
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id

PAGE_SIZE = 50


@require_safe
@only(LOOKERS)
def run_list(request: HttpRequest) -> HttpResponse:
    runs = ExportRun.objects.select_related("requested_by")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(request, "export_list", page=page)


@require_safe
@only(LOOKERS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ExportRun.objects.select_related("requested_by"), pk=pk)
    return _page(
        request,
        "export",
        run=found,
        file_name=file_name(found),
        problem=problem_words(found.problem, found.problem_about),
    )


@require_safe
@only(LOOKERS)
@cache_control(private=True, no_store=True)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were made, a few at a time."""
    found = get_object_or_404(ExportRun, pk=pk)
    if not found.is_made:
        raise Http404
    return StreamingHttpResponse(  # type: ignore[return-value]
        stream(found),
        content_type=MEDIA_TYPES[found.format],
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(found)}"',
            "Content-Length": str(found.size),
            # Compressing on the way would take the length away, by which a browser
            # sees that a transfer broke off.
            "Content-Encoding": "identity",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(ACCOUNTING)
def new_export(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _ask_for(request)
    form = ExportForm(request.GET) if request.GET else ExportForm(initial=_last_month())
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        documents = selected(form.wanted)
        found = sums(documents)
        books = ExportSettings.current().bookkeeping()
        shown = {
            "preview": _worded(preview(documents, form.wanted, books)),
            "sums": found,
            "repeated": repeated(documents, form.wanted.format).count(),
            "seen": SeenForm(initial={"count": found.count, "gross": found.gross}),
        }
    return _page(request, "export_new", form=form, **shown)


def _ask_for(request: HttpRequest) -> HttpResponse:
    form, seen = ExportForm(request.POST), SeenForm(request.POST)
    if not (form.is_valid() and seen.is_valid()):
        return _page(request, "export_new", form=form)
    try:
        made = request_export(
            wanted=form.wanted,
            staff_id=staff_id(request),
            now=timezone.now(),
            seen=(seen.cleaned_data["count"], seen.cleaned_data["gross"]),
        )
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    except Problem as problem:
        messages.error(request, problem_words(problem.code, problem.about))
    else:
        messages.success(request, _("The file is being made."))
        return redirect("billing:export", made.pk)
    return redirect(f"{reverse('billing:new_export')}?{_kept(request.POST)}")


def _kept(data: QueryDict) -> str:
    names = ExportForm.base_fields
    return urlencode({name: data[name] for name in names if data.get(name)})


def _last_month() -> dict[str, date]:
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    return {"issued_from": last.replace(day=1), "issued_to": last}


def _worded(found: Any) -> dict[str, Any]:
    return {
        "header": found.header,
        "rows": found.rows,
        "problems": [problem_words(p.code, p.about) for p in found.problems],
        "losses": found.losses,
        "several_months": found.several_months,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@only(LOOKERS)
def export_settings(request: HttpRequest) -> HttpResponse:
    current = ExportSettings.current()
    form = ExportSettingsForm(request.POST or None, instance=current)
    codes = _code_forms(request.POST or None, ExportSettings.current())
    # Every part is checked, so that all errors are shown at once.
    valid = [part.is_valid() for part in (form, *codes)]
    if request.method == "POST" and all(valid):
        save_export_settings(
            values=form.values,
            tax_codes={code.key: code.code for code in codes},
            staff_id=staff_id(request),
            now=timezone.now(),
        )
        messages.success(request, _("Saved. It applies to exports from now on."))
        return redirect("billing:export_settings")
    return _page(
        request,
        "export_settings",
        form=form,
        codes=codes,
        labels=TaxCodeForm.labels.values(),
    )


def _code_forms(data: Any, current: ExportSettings) -> list[TaxCodeForm]:
    books = current.bookkeeping()
    rates = {
        *DocumentTax.objects.filter(category=Category.STANDARD)
        .values_list("rate", flat=True)
        .distinct(),
        *Issuer.objects.values_list("vat_rate", flat=True),
        *(rate for category, rate in books.tax_codes if category == Category.STANDARD),
    }
    return [
        TaxCodeForm(
            data,
            key=(category, rate),
            name=wording.tax_title(category, rate),
            code=books.tax_code(category, rate),
        )
        for category, rate in tax_keys(rate for rate in rates if rate is not None)
    ]


def _page(request: HttpRequest, name: str, **shown: Any) -> HttpResponse:
    context = {"area": "billing", "here": "exports", **shown}
    return render(request, f"billing/{name}.html", context)
