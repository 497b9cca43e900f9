"""Pages that the law wants: for everybody, without an order."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from emergency.operator_facts import current_operator
from emergency.queries.consumer_words import instruction, model_form, one_line
from emergency.views.language import in_chosen_language


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
