"""Why somebody would be paged, or nobody, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from emergency.models import Override, Rotation, Technician
from emergency.queries.roster_wording import layer_in_words, override_in_words
from emergency.rules.escalation import Step
from emergency.rules.roster_reasons import (
    NOT_ITS_TIME,
    OTHER_HOURS,
    OUT_OF_SERVICE,
    Passed,
    Reason,
)


def target_in_words(step: Step | None, schedules: Mapping[int, str]) -> str:
    """Whom a step means, by its kind; None is everybody. ``schedules`` are names."""
    if step is None:
        return _("Everyone")
    if step.target == "schedule":
        name = schedules.get(step.schedule or 0) or "–"
        return _("On call: %(schedule)s") % {"schedule": name}
    return {
        "technician": _("One technician"),
        "duty_manager": _("The duty manager"),
        "owner": _("The plan owner"),
        "everyone": _("Everyone"),
    }[step.target]


def why_nobody_in_words(code: str) -> str:
    """Why a step reaches nobody; the next one fires at once."""
    return {
        "nobody_on_call": _("Nobody is on call."),
        "no_contact_method": _("Nobody of them has a way to be reached."),
        "no_technicians": _("There are no technicians."),
        "no_duty_manager": _("No duty manager is named, or may not sign in."),
        "no_owner": _("The plan owner may not sign in."),
        "no_technician": _("The technician may not sign in."),
    }.get(code, _("Nobody is meant."))


def reasons_in_words(
    why: Reason,
    *,
    rotations: Mapping[int, Rotation],
    overrides: Mapping[int, Override],
    people: Mapping[int, Technician],
) -> list[str]:
    """What went before, whose turn it is, and what was changed, in this order."""
    said = [_passed(one, rotations, people) for one in why.passed]
    if why.rotation is not None and why.planned is not None:
        said.append(
            _("%(layer)s: it is the turn of %(person)s.")
            % {
                "layer": layer_in_words(rotations[why.rotation.key]),
                "person": people[why.planned],
            }
        )
    else:
        said.append(_("No rotation has somebody at this time."))
    for change in why.changes:
        made = overrides[change.key]
        said.append(
            _("Changed: %(words)s (%(reason)s).")
            % {
                "words": override_in_words(made),
                "reason": made.get_reason_display(),
            }
        )
    return said


def _passed(
    one: Passed, rotations: Mapping[int, Rotation], people: Mapping[int, Technician]
) -> str:
    values = {
        "layer": layer_in_words(rotations[one.rotation.key]),
        "person": people.get(one.person or 0, ""),
    }
    return {
        NOT_ITS_TIME: _("%(layer)s has not begun or is over."),
        OTHER_HOURS: _("%(layer)s serves other hours."),
        OUT_OF_SERVICE: _(
            "%(layer)s: it would be the turn of %(person)s, who may not sign in."
        ),
    }[one.code] % values
