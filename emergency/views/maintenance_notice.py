"""The check page's button "tell me when it ends"."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from emergency.actions.maintenance_notice import ask_for_notice
from emergency.forms import LONGEST_EMAIL
from emergency.rules.free_text import cleaned_line, named_apart
from emergency.views.carried import Checked, checked_from
from emergency.views.customers import customer_of
from emergency.views.language import in_chosen_language
from emergency.views.maintenance import asked_again
from emergency.views.network import network_address_of
from emergency.views.report_pages import (
    NOTICE,
    check_page,
    filled,
    form_page,
    terms_now,
    unreadable_check,
)


@require_POST
@in_chosen_language
@cache_control(private=True, no_store=True)
def ask(request: HttpRequest) -> HttpResponse:
    """The check page again, with the promise to write, or with the error beside the
    address. Nothing is ordered."""
    checked = checked_from(request.POST.get("checked"))
    if checked is None:
        return unreadable_check(request)
    offered = terms_now()
    if offered is None:
        return form_page(request, filled(checked.typed), checked.keys)
    email = cleaned_line(request.POST.get(NOTICE, ""))[: LONGEST_EMAIL + 1]
    try:
        validate_email(email)
    except ValidationError:
        return check_page(request, checked, offered, missing=[NOTICE])
    if _ask(request, checked, email):
        words = _("We write to %(email)s when it is over. Nothing is ordered.")
    else:
        words = _(
            "We cannot note more addresses at the moment. Look at the status page to"
            " see when it is over. Nothing is ordered."
        )
    return check_page(request, checked, offered, notice=words % {"email": email})


def _ask(request: HttpRequest, checked: Checked, email: str) -> bool:
    windows = checked.maintenance.evidence.get("windows", [])
    customer = customer_of(request)
    return ask_for_notice(
        email=email,
        language=checked.language,
        servers=asked_again(
            checked.maintenance,
            servers=named_apart(checked.typed["server_name"]),
            account=customer.account if customer else None,
        ),
        windows=[(one.get("source", ""), one["id"]) for one in windows],
        title=", ".join(one["name"] for one in windows if one["name"])[:500],
        network_address=network_address_of(request),
        now=timezone.now(),
    )
