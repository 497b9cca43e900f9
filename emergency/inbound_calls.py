"""Somebody calls the paging number: a technician can drop out, nobody else is served.

The caller is known by their number alone, which can be forged; that is bearable because
whoever drops out stays on call until somebody else has confirmed.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.actions.drop_out_words import (
    drop_out_everywhere,
    schedules_on_call,
    technician_at,
)
from emergency.pagers.sentences.about_the_roster import duty_sentence
from emergency.pagers.twiml import goodbye, menu
from emergency.webhooks import signed

DROP_OUT_KEY = "9"


@signed
def inbound_call(request: HttpRequest) -> HttpResponse:
    """A technician on call hears which key drops out; others hear whom to write to."""
    caller = technician_at(request.POST.get("From", ""))
    if caller is None:
        language = settings.LANGUAGE_CODE[:2]
        with override(language):
            return _twiml(
                goodbye(
                    _("This number only pages technicians. Nobody listens here."),
                    language,
                )
            )
    language = caller.staff.language
    with override(language):
        if not schedules_on_call(caller, now=timezone.now()):
            return _twiml(goodbye(duty_sentence("not_on_call"), language))
        return _twiml(
            menu(
                _(
                    "You are on call. If you cannot go on, press %(digit)s. A successor"
                    " is paged at once. Otherwise hang up."
                )
                % {"digit": DROP_OUT_KEY},
                action=reverse("inbound_calls:voice_inbound_key"),
                language=language,
            )
        )


@signed
def inbound_key(request: HttpRequest) -> HttpResponse:
    """The key has its effect; any other changes nothing."""
    caller = technician_at(request.POST.get("From", ""))
    if caller is None:
        return _twiml(goodbye("", settings.LANGUAGE_CODE[:2]))
    language = caller.staff.language
    with override(language):
        if request.POST.get("Digits") != DROP_OUT_KEY:
            return _twiml(goodbye(_("Nothing was changed."), language))
        code = drop_out_everywhere(technician=caller, now=timezone.now(), via="voice")
        return _twiml(goodbye(duty_sentence(code), language))


def _twiml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/xml")


app_name = "inbound_calls"
urlpatterns = [
    path("inbound", inbound_call, name="voice_inbound"),
    path("inbound/menu", inbound_key, name="voice_inbound_key"),
]
