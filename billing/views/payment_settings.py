"""How bank files are read, how payments are matched, and when reminders go out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.actions.bank_import import columns_of, save_mapping
from billing.actions.payment_rules import save_rules
from billing.models import CsvMapping, PaymentRules
from billing.open_items import current_rules
from billing.payment_forms import MappingForm, RulesForm, proposed_levels
from billing.rules.bank_entry import Movement
from billing.rules.reminding import PLACEHOLDERS
from billing.sources.bank_csv import read_csv
from billing.sources.refusal import BankFileError
from billing.views.access import ACCOUNTING, LOOKERS, staff_id, with_payments

PREVIEWED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@with_payments(LOOKERS)
def rules(request: HttpRequest) -> HttpResponse:
    current = current_rules()
    form = RulesForm(
        request.POST or None, instance=current, levels=proposed_levels(current)
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        save_rules(values=form.values, staff_id=staff_id(request), now=now)
        messages.success(request, _("Saved."))
        return redirect("billing:payment_rules")
    versions = PaymentRules.objects.select_related("saved_by")
    return render(
        request,
        "billing/payment_rules.html",
        {
            "area": "billing",
            "here": "payments",
            "form": form,
            "places": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            "mappings": CsvMapping.objects.all(),
            "saved": versions.order_by("-saved_at", "-pk").first(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_payments(LOOKERS)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    return _mapping(request, get_object_or_404(CsvMapping, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@with_payments(ACCOUNTING)
def new_mapping(request: HttpRequest) -> HttpResponse:
    return _mapping(request, CsvMapping())


def _mapping(request: HttpRequest, stored: CsvMapping) -> HttpResponse:
    form = MappingForm(request.POST or None, request.FILES or None, instance=stored)
    preview: list[Movement] | None = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            save_mapping(
                mapping=form.instance, staff_id=staff_id(request), now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return redirect("billing:payment_rules")
        preview = _preview(form)
    return render(
        request,
        "billing/csv_mapping.html",
        {
            "area": "billing",
            "here": "payments",
            "form": form,
            "stored": stored if stored.pk else None,
            "preview": preview,
        },
    )


def _preview(form: MappingForm) -> list[Movement] | None:
    """The first movements of the sample as they would be read; nothing is kept."""
    sample = form.cleaned_data.get("sample")
    if not sample:
        form.add_error("sample", _("Choose a file to try it on."))
        return None
    try:
        return read_csv(sample.read(), columns_of(form.instance))[:PREVIEWED]
    except BankFileError as error:
        form.add_error("sample", _problem(error))
        return None


def _problem(error: BankFileError) -> str:
    texts = {
        "column": _("The file has no column %(detail)s."),
        "amount": _("This amount is not understood (line and text): %(detail)s"),
        "day": _("This day is not understood (line and text): %(detail)s"),
        "encoding": _("The file has another character set."),
    }
    text = texts.get(error.code, _("This is no CSV file that can be read: %(detail)s"))
    return text % {"detail": error.detail}
