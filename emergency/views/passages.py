"""The desk's pages about the texts of the customers' pages, in versions."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from emergency.actions.operator import publish_texts
from emergency.actions.refusal import Refused
from emergency.models import OperatorText
from emergency.operator_facts import kept
from emergency.operator_forms import PassageForm
from emergency.passages.base import Passage
from emergency.passages.directory import PASSAGES
from emergency.views.access import OPERATOR_ROLES, StaffRequest, staff_required

LATEST = 20


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A passage in one language: the words in force, and whether they are our own."""

    language: str
    name: str
    text: str
    changed: bool


@staff_required(*OPERATOR_ROLES)
@require_safe
def show_texts(request: StaffRequest) -> HttpResponse:
    """Every passage with the words in force in each language."""
    newest = OperatorText.objects.in_force(timezone.now())
    theirs = {(row.key, row.language): row.text for row in newest}
    passages = [
        {"passage": passage, "wordings": _wordings(passage, theirs)}
        for passage in PASSAGES.values()
    ]
    return render(
        request,
        "emergency/operator_texts.html",
        {"area": "operator", "passages": passages},
    )


@staff_required(*OPERATOR_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: StaffRequest, key: str) -> HttpResponse:
    """One passage in every language. After POST the changed ones are in force."""
    passage = PASSAGES.get(key)
    if passage is None:
        raise Http404
    form = PassageForm(
        request.POST or None, passage=passage, initial=_in_force(passage)
    )
    if request.method == "POST" and form.is_valid():
        try:
            publish_texts(
                key=key,
                texts=form.texts(),
                based_on=form.based_on(),
                staff=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            kept.forget()
            messages.success(request, _("Saved. It is in use within a minute."))
            return redirect("emergency:operator_texts")
    versions = OperatorText.objects.filter(key=key).select_related("staff")
    return render(
        request,
        "emergency/operator_text.html",
        {
            "area": "operator",
            "now": timezone.now(),
            "passage": passage,
            "form": form,
            "languages": [
                {
                    "field": form[f"text_{code}"],
                    "hidden": form[f"based_on_{code}"],
                    "code": code,
                    "own_words": passage.own_words(code),
                }
                for code, _name in settings.LANGUAGES
            ],
            "names": [f"{{{name}}}" for name in sorted(passage.names)],
            "versions": versions.order_by("-valid_from", "-pk")[:LATEST],
        },
    )


def _wordings(passage: Passage, theirs: dict[tuple[str, str], str]) -> list[Wording]:
    return [
        Wording(
            language=code,
            name=name,
            text=theirs.get((passage.key, code)) or passage.own_words(code),
            changed=bool(theirs.get((passage.key, code))),
        )
        for code, name in settings.LANGUAGES
    ]


def _in_force(passage: Passage) -> dict[str, object]:
    rows = OperatorText.objects.in_force(timezone.now(), keys=[passage.key])
    texts = {f"text_{row.language}": row.text for row in rows}
    return {**texts, **{f"based_on_{row.language}": row.pk for row in rows}}
