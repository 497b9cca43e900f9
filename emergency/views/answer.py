"""The page behind the link of an e-mail or push: one line and one button.

Mail scanners and previews open links. So opening it changes nothing, however often;
only the button does, and only for this one page.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from emergency.actions.answer import answer_by_link
from emergency.actions.page_order import ABOUT_THE_ROSTER, server_of
from emergency.models import Page
from emergency.pagers.sentences.about_the_roster import duty_sentence
from emergency.queries.answer_links import page_behind
from emergency.rules.states import Verb, sources


# The address is the secret: a forged form would have to know it, and a phone that
# keeps no cookies must be able to answer.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The case in one line; a POST answers its page. 404 for a link nobody made."""
    now = timezone.now()
    linked = page_behind(token, now=now)
    if linked is None:
        raise Http404
    page = linked.page
    language = page.technician.staff.language
    translation.activate(language)
    request.LANGUAGE_CODE = language
    answered = None
    if request.method == "POST" and linked.alive:
        answered = answer_by_link(page_id=page.pk, now=now)
    incident = page.incident
    taking = page.purpose == Page.Purpose.EMERGENCY
    needed = incident is None or not taking
    if incident is not None and taking:
        needed = incident.status in sources(Verb.ACKNOWLEDGE)
    return render(
        request,
        "emergency/answer.html",
        {
            "page": page,
            "incident": incident,
            "server": server_of(incident) if incident else "",
            "taking": taking,
            "alive": linked.alive,
            "needed": needed and page.answered_at is None,
            "answered": answered,
            "duty": duty_sentence(answered.code)
            if answered and page.purpose in ABOUT_THE_ROSTER
            else "",
            "deadline": timezone.localtime(incident.callback_deadline_at)
            if incident
            else None,
        },
    )
