"""Many documents at once: choose, start, watch."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.actions.batch import FITTING, LARGEST, start_batch
from billing.actions.refusal import BillingRefusal
from billing.filter_form import FilterForm
from billing.models import Batch, BatchItem
from billing.queries.batches import batches, items_of, progress_of
from billing.queries.lists import listed, months
from billing.queries.todo import ready
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id

PAGE_SIZE = 100


@require_safe
@only(LOOKERS)
def batch_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(batches(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/batches.html",
        {"area": "billing", "here": "batches", "page": page},
    )


@require_safe
@only(LOOKERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is. While something waits the page loads itself again."""
    found = get_object_or_404(Batch.objects.select_related("created_by"), pk=pk)
    page = Paginator(items_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/batch.html",
        {
            "area": "billing",
            "here": "batches",
            "batch": found,
            "progress": progress_of(found),
            "page": page,
        },
    )


@require_POST
@only(ACCOUNTING)
def start(request: HttpRequest) -> HttpResponse:
    """The chosen documents, everything that is ready, or all that fit the filters."""
    act = request.POST.get("act", "")
    if act not in Batch.Act.values:
        return _refused(request, BillingRefusal("changed"))
    return _begin(request, _chosen(request.POST, Batch.Act(act)), act)


@require_POST
@only(ACCOUNTING)
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """A new batch for what this one did not get done."""
    found = get_object_or_404(Batch, pk=pk)
    left = found.items.filter(status=BatchItem.Status.REFUSED).exclude(document=None)
    ids = [pk for pk in left.values_list("document_id", flat=True) if pk is not None]
    return _begin(request, ids, found.act)


def _chosen(data: QueryDict, act: Batch.Act) -> list[int]:
    scope = data.get("scope", "")
    if scope == "ready":
        documents = ready()
    elif scope == "filtered":
        form = FilterForm(QueryDict(data.get("filters", "")), months=months())
        documents = listed(form.filters).filter(status__in=FITTING[act])
    else:
        return [int(one) for one in data.getlist("document") if one.isdecimal()]
    return list(documents.values_list("pk", flat=True)[: LARGEST + 1])


def _begin(request: HttpRequest, document_ids: list[int], act: str) -> HttpResponse:
    try:
        made = start_batch(
            document_ids=document_ids,
            act=act,
            staff_id=staff_id(request),
            now=timezone.now(),
        )
    except BillingRefusal as refusal:
        return _refused(request, refusal)
    return redirect("billing:batch", made.pk)


def _refused(request: HttpRequest, refusal: BillingRefusal) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("billing:index")
