"""What the law wants said to consumers, in the active language.

Fixed words: they are no texts of the operator's. Source: FAGG §§ 4 (1) 8, 10, 11, 18
(1) 1 and annex I; Directive 2011/83/EU Art. 6, 16 (a), 11a and annex I.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

START_NOW, LOSES_WITHDRAWAL = "start_now", "loses_withdrawal"


def declarations() -> dict[str, str]:
    """The two declarations of a consumer by the names of their boxes, word for word."""
    return {
        START_NOW: _(
            "I expressly want you to begin at once, before the withdrawal period of 14"
            " days has passed."
        ),
        LOSES_WITHDRAWAL: _(
            "I know that I lose my right of withdrawal once you have done the work"
            " completely."
        ),
    }


def as_a_business() -> str:
    """What everybody declares to an operator who sells to businesses only."""
    return _("I order as a business, not as a consumer.")


def instruction(*, name: str, address: str, phone: str, email: str) -> list[str]:
    """The instruction about the right of withdrawal, as paragraphs. ``address`` is the
    postal one, as it stands in the imprint."""
    contact = ", ".join(part for part in (phone, email) if part)
    return [
        _(
            "You have the right to withdraw from this contract within 14 days without"
            " giving any reason. The period ends 14 days after the day of the contract."
        ),
        _(
            "To withdraw, tell us (%(name)s, %(address)s, %(contact)s) by a clear"
            " statement, such as a letter or an e-mail. You can use the model form"
            " below, but need not. You can also withdraw on the page of your order,"
            " with “Withdraw from contract here”; we then acknowledge it at once with"
            " date and time."
        )
        % {"name": name, "address": address or name, "contact": contact or "–"},
        _("It is enough to send the statement before the period has passed."),
        _(
            "If you withdraw, we pay back everything that you have paid, at once and at"
            " the latest 14 days after we hear of the withdrawal, by the means with"
            " which you paid, and without a charge."
        ),
        _(
            "If you have asked us to begin within the period, you pay for what we had"
            " done until you withdrew, in proportion to the whole. Once we have done"
            " the work completely, the right ends."
        ),
    ]


def instruction_letter(
    language: str, *, name: str, imprint: str, phone: str, email: str
) -> str:
    """Instruction and model form as plain text, for a mail that the consumer keeps."""
    address = one_line(imprint)
    with override(language):
        told = instruction(name=name, address=address, phone=phone, email=email)
        form = model_form(name=name, address=address, email=email)
        titles = _("Right of withdrawal"), _("Model withdrawal form")
    return "\n\n".join((titles[0].upper(), *told, titles[1].upper(), "\n".join(form)))


def one_line(imprint: str) -> str:
    """An imprint of several lines in one."""
    return ", ".join(line.strip() for line in imprint.splitlines() if line.strip())


def model_form(*, name: str, address: str, email: str) -> list[str]:
    """The model withdrawal form, line by line."""
    return [
        _("To %(to)s") % {"to": ", ".join(p for p in (name, address, email) if p)},
        _(
            "I/we (*) hereby withdraw from my/our (*) contract for the following"
            " service: emergency support"
        ),
        _("Ordered on (*)"),
        _("Name of the consumer(s)"),
        _("Address of the consumer(s)"),
        _("Signature of the consumer(s) (only on paper)"),
        _("Date"),
        _("(*) Delete as appropriate."),
    ]
