"""The billing side of an account, its contract, the issuer and the rate of tax."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.account_forms import ContractForm, VatRateForm, filled_with
from billing.actions.contract import save_contract
from billing.actions.profile import save_issuer, save_profile, save_vat_rate
from billing.actions.refusal import BillingRefusal
from billing.actions.vat_check import ask_again
from billing.forms import IssuerForm, ProfileForm
from billing.models import BillingProfile, Contract, Document, Issuer, VatRate
from billing.queries.accounts import account_history, balance_of, of_account
from billing.rules.vat_id import check_digit_doubtful
from billing.vies import is_asked
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id

# The newest documents; the list of documents has them all.
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@only(LOOKERS)
def account(request: HttpRequest, number: str) -> HttpResponse:
    """What the account owes, its documents, and how it is invoiced. An auditor reads
    it only."""
    stored = _profile_or_404(number)
    profile = stored or BillingProfile(account_number=number)
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        try:
            save_profile(
                account_number=number,
                values=form.values,
                vat_id_confirmed=form.cleaned_data["vat_id_confirmed"],
                staff_id=staff_id(request),
                now=timezone.now(),
            )
        except BillingRefusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
            return _account_page(request, number, form=form)
        messages.success(request, _("Saved. Open drafts were computed again."))
        if check_digit_doubtful(form.values["vat_id"]):
            messages.warning(
                request,
                _("The check digit of this VAT id does not fit. Please compare it."),
            )
        return redirect("billing:account", number)
    return _account_page(request, number, form=form)


def _profile_or_404(number: str) -> BillingProfile | None:
    """The account's profile; None where there are only documents, 404 for neither."""
    stored = BillingProfile.objects.filter(account_number=number).first()
    documents = Document.objects.filter(account_number=number)
    if stored is None and not documents.exists():
        raise Http404
    return stored


def _name(number: str, stored: BillingProfile | None) -> str:
    """What the profile says, else the newest document."""
    if stored is not None and stored.legal_name:
        return stored.legal_name
    newest = Document.objects.filter(account_number=number).last()
    return newest.account_name if newest else number


def _account_page(
    request: HttpRequest,
    number: str,
    *,
    form: ProfileForm | None = None,
    contract_form: ContractForm | None = None,
) -> HttpResponse:
    stored = BillingProfile.objects.filter(account_number=number).first()
    today = timezone.localdate()
    contract = Contract.objects.in_force(number, today)
    return render(
        request,
        "billing/account.html",
        {
            "area": "billing",
            "number": number,
            "name": _name(number, stored),
            "profile": stored or BillingProfile(account_number=number),
            "balance": balance_of(number, today=today),
            "documents": of_account(number, issued=True)[:SHOWN],
            "drafts": of_account(number, issued=False)[:SHOWN],
            "form": form
            or ProfileForm(instance=stored or BillingProfile(account_number=number)),
            "contract": contract,
            "contract_form": contract_form
            or ContractForm(initial=filled_with(contract, today)),
            "history": account_history(number, stored.vat_id if stored else ""),
            "asks_authority": is_asked(),
            "checked_at": stored.vat_id_checked_at if stored else None,
        },
    )


@require_POST
@only(ACCOUNTING)
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """A new version of the account's contract."""
    _profile_or_404(number)
    form = ContractForm(request.POST)
    if not form.is_valid():
        return _account_page(request, number, contract_form=form)
    try:
        save_contract(
            account_number=number,
            staff_id=staff_id(request),
            now=timezone.now(),
            **form.values,
        )
    except BillingRefusal as refusal:
        form.add_error(refusal.field or "why", str(refusal))
        return _account_page(request, number, contract_form=form)
    messages.success(request, _("Saved. Open drafts were computed again."))
    return redirect("billing:account", number)


@require_POST
@only(ACCOUNTING)
def ask_authority(request: HttpRequest, number: str) -> HttpResponse:
    """The authority is asked again; its answer comes when it comes."""
    _profile_or_404(number)
    if ask_again(account_number=number, now=timezone.now()):
        messages.success(request, _("The authority is being asked."))
    else:
        messages.error(request, _("There is no VAT id, or nobody to ask."))
    return redirect("billing:account", number)


@require_http_methods(["GET", "HEAD", "POST"])
@only(LOOKERS)
def issuer(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        current = Issuer.objects.on(timezone.localdate(now))
    except Issuer.DoesNotExist:
        raise Http404 from None
    form = IssuerForm(request.POST or None, instance=current)
    if request.method == "POST" and form.is_valid():
        try:
            save_issuer(values=form.values, staff_id=staff_id(request), now=now)
        except BillingRefusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
            return _issuer_page(request, form=form)
        messages.success(request, _("Saved. It applies to documents from today on."))
        return redirect("billing:issuer")
    return _issuer_page(request, form=form)


def _issuer_page(request: HttpRequest, **forms: Any) -> HttpResponse:
    current = Issuer.objects.on(timezone.localdate())
    return render(
        request,
        "billing/issuer.html",
        {
            "area": "billing",
            "here": "issuer",
            "form": IssuerForm(instance=Issuer.objects.get(pk=current.pk)),
            "rate_form": VatRateForm(),
            "missing": current.missing,
            "rates": VatRate.objects.order_by("-valid_from"),
            "earlier": Issuer.objects.filter(
                valid_from__lt=current.valid_from
            ).order_by("-valid_from"),
            **forms,
        },
    )


@require_POST
@only(ACCOUNTING)
def vat_rate(request: HttpRequest) -> HttpResponse:
    """A rate of tax from a day on."""
    form = VatRateForm(request.POST)
    if not form.is_valid():
        return _issuer_page(request, rate_form=form)
    try:
        save_vat_rate(
            valid_from=form.cleaned_data["valid_from"],
            rate=form.cleaned_data["rate"],
            staff_id=staff_id(request),
            now=timezone.now(),
        )
    except BillingRefusal as refusal:
        form.add_error("valid_from", str(refusal))
        return _issuer_page(request, rate_form=form)
    messages.success(request, _("Saved. Services finished from that day on have it."))
    return redirect("billing:issuer")
