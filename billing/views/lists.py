"""What waits, and everything there is."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.filter_form import FilterForm
from billing.models import Document, Issuer
from billing.open_items import waiting_entries
from billing.queries import open_holds, sums, with_signs
from billing.queries.lists import BIG, listed, months
from billing.queries.todo import to_do
from billing.views.access import LOOKERS, only

PAGE_SIZE = 100


@require_safe
@only(LOOKERS)
def index(request: HttpRequest) -> HttpResponse:
    issuer = Issuer.objects.order_by("-valid_from").first()
    return render(
        request,
        "billing/index.html",
        {
            "area": "billing",
            "here": "to_do",
            "to_do": to_do(),
            "now": timezone.now(),
            "unmatched": waiting_entries(),
            "issuer_missing": issuer is None or bool(issuer.missing),
        },
    )


@require_safe
@only(LOOKERS)
def document_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET or None, months=months())
    documents = listed(form.filters)
    shown = with_signs(documents).defer(*BIG).prefetch_related(open_holds())
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = documents.filter(
        status__in=(Document.Status.DRAFT, Document.Status.APPROVED)
    )
    return render(
        request,
        "billing/document_list.html",
        {
            "area": "billing",
            "here": "documents",
            "form": form,
            "page": page,
            "sums": sums(documents),
            "waiting": waiting.count(),
        },
    )
