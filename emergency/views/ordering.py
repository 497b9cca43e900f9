"""What a checked form orders, whoever filled it in: the customer, or staff for them."""

from emergency.actions.addition import Dialled
from emergency.actions.report import OrderForm, Spoken
from emergency.forms import WORKED_BEFORE
from emergency.operator_facts import current_operator
from emergency.rules.free_text import named_apart
from emergency.views.carried import Checked


def order_form(
    checked: Checked,
    *,
    ordered_as: str,
    declarations: tuple[str, ...],
    spoken: Spoken | None = None,
) -> OrderForm:
    """The order of this form, with the texts of the operator that are in force."""
    typed = checked.typed
    return OrderForm(
        servers=tuple(named_apart(typed["server_name"])),
        problem_description=typed["problem_description"],
        reproduction_steps=typed["reproduction_steps"],
        recent_changes=typed["recent_changes"],
        callback_number=checked.dialled,
        callback_number_typed=typed["callback_number"],
        callback_extension=checked.extension,
        reporter_name=typed["reporter_name"],
        # A page that was opened before there was such an input has none.
        reporter_email=typed.get("reporter_email", ""),
        language=checked.language,
        worked_before=WORKED_BEFORE.get(typed.get("worked_before", "")),
        second=_second(checked),
        ordered_as=ordered_as,
        declarations=declarations,
        texts_version=current_operator().texts_version,
        spoken=spoken,
    )


def _second(checked: Checked) -> Dialled | None:
    if not checked.second_dialled:
        return None
    return Dialled(
        number=checked.second_dialled,
        typed=checked.typed["second_number"],
        extension=checked.second_extension,
        name=checked.typed["second_name"],
    )
