"""What waits, and everything there is."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from billing.forms import FilterForm
from billing.models import Issuer
from billing.open_items import waiting_entries
from billing.queries import listed, months, sums, to_do, with_signs
from billing.views.access import ACCOUNTING, only

PAGE_SIZE = 100


@require_safe
@only(ACCOUNTING)
def index(request: HttpRequest) -> HttpResponse:
    issuer = Issuer.objects.order_by("-valid_from").first()
    return render(
        request,
        "billing/index.html",
        {
            "area": "billing",
            "here": "to_do",
            "to_do": to_do(),
            "unmatched": waiting_entries(),
            "issuer_missing": issuer is None or bool(issuer.missing),
        },
    )


@require_safe
@only(ACCOUNTING)
def document_list(request: HttpRequest) -> HttpResponse:
    known = {f"{month:%Y-%m}": month for month in months()}
    choices = [(key, date_format(month, "F Y")) for key, month in known.items()]
    form = FilterForm(request.GET or None, months=choices)
    status, month = "", None
    if form.is_valid():
        status = form.cleaned_data["status"]
        month = known.get(form.cleaned_data["month"])
    documents = listed(status=status, month=month)
    page = Paginator(with_signs(documents), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/document_list.html",
        {
            "area": "billing",
            "here": "documents",
            "form": form,
            "page": page,
            "sums": sums(documents),
            "kept": _kept(status, month),
        },
    )


def _kept(status: str, month: date | None) -> str:
    """The filters for the links to other pages of the list."""
    return f"status={status}&month={f'{month:%Y-%m}' if month else ''}"
