"""Pages that the law wants: for everybody, without an order."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from emergency.models import OperatorLogo
from emergency.operator_facts import current_operator
from emergency.queries.consumer_words import instruction, model_form, one_line
from emergency.queries.retention import periods
from emergency.views.language import in_chosen_language


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The operator's picture; its address changes with it."""
    picture = get_object_or_404(OperatorLogo, digest=digest)
    response = HttpResponse(bytes(picture.content), picture.content_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@in_chosen_language
@cache_control(private=True, no_cache=True)
def withdrawal(request: HttpRequest) -> HttpResponse:
    """The instruction about the right of withdrawal and the model form, to be printed
    or kept."""
    operator = current_operator()
    address = one_line(operator.imprint)
    return render(
        request,
        "emergency/withdrawal.html",
        {
            "instruction": instruction(
                name=operator.name,
                address=address,
                phone=operator.hotline,
                email=operator.support_email,
            ),
            "form": model_form(
                name=operator.name, address=address, email=operator.support_email
            ),
        },
    )


@require_safe
@in_chosen_language
@cache_control(private=True, no_cache=True)
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs this service (ECG § 5)."""
    return render(request, "emergency/imprint.html")


@require_safe
@in_chosen_language
@cache_control(private=True, no_cache=True)
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """What is kept about customers, why, and how long, by the periods that are in
    force here (GDPR Art. 13)."""
    return render(request, "emergency/privacy_notice.html", {"kept": periods()})


@require_safe
@in_chosen_language
@cache_control(private=True, no_cache=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the service is, and whom to tell of barriers (BaFG, annex 3)."""
    return render(request, "emergency/accessibility.html")
