"""The billing side of an account, and the issuer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.actions.profile import save_issuer, save_profile
from billing.forms import IssuerForm, ProfileForm
from billing.models import BillingProfile, Document, Issuer
from billing.queries.accounts import balance_of, of_account
from billing.rules.vat_id import check_digit_doubtful
from billing.views.access import LOOKERS, only, staff_id

# The newest documents; the list of documents has them all.
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@only(LOOKERS)
def account(request: HttpRequest, number: str) -> HttpResponse:
    """What the account owes, its documents, and how it is invoiced. An auditor reads
    it only."""
    stored = BillingProfile.objects.filter(account_number=number).first()
    newest = Document.objects.filter(account_number=number).last()
    if stored is None and newest is None:
        raise Http404
    profile = stored or BillingProfile(account_number=number)
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        save_profile(
            account_number=number,
            values=form.values,
            vat_id_confirmed=form.cleaned_data["vat_id_confirmed"],
            staff_id=staff_id(request),
            now=timezone.now(),
        )
        messages.success(request, _("Saved. Open drafts were computed again."))
        if check_digit_doubtful(form.values["vat_id"]):
            messages.warning(
                request,
                _("The check digit of this VAT id does not fit. Please compare it."),
            )
        return redirect("billing:account", number)
    return render(
        request,
        "billing/account.html",
        {
            "area": "billing",
            "number": number,
            "name": (stored and stored.legal_name)
            or (newest.account_name if newest else number),
            "balance": balance_of(number, today=timezone.localdate()),
            "documents": of_account(number, issued=True)[:SHOWN],
            "drafts": of_account(number, issued=False)[:SHOWN],
            "profile": profile,
            "form": form,
            "checked_at": stored.vat_id_checked_at if stored else None,
        },
    )


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
        save_issuer(values=form.values, now=now)
        messages.success(request, _("Saved. It applies to documents from today on."))
        return redirect("billing:issuer")
    return render(
        request,
        "billing/issuer.html",
        {
            "area": "billing",
            "here": "issuer",
            "form": form,
            "missing": Issuer.objects.get(pk=current.pk).missing,
        },
    )
