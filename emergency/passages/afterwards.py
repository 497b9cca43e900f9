"""After the order, and the pages beside it."""

from django.utils.translation import gettext_lazy as _

from emergency.passages.base import passages

TRACKING = passages(
    _("Tracking page"),
    (
        "tracking-received",
        _("Received"),
        _("Your report is with us. A technician is paged now."),
        "",
    ),
    (
        "tracking-paging",
        _("Paging"),
        _(
            "A technician is being paged. If nobody answers, the next one is paged by"
            " itself."
        ),
        "",
    ),
    (
        "tracking-taken",
        _("Taken"),
        _("%(name)s has taken your report and calls you."),
        "name!",
    ),
    (
        "tracking-working",
        _("Working"),
        _("%(name)s has spoken with you and is working on the problem."),
        "name!",
    ),
    (
        "tracking-asked-to-ring",
        _("Not reached"),
        _(
            "We tried at %(times)s and did not reach you. Ring us at %(number)s; we"
            " start as soon as we speak with you."
        ),
        "times! number!",
    ),
    (
        "tracking-late",
        _("Late"),
        _(
            "We are late. The duty manager knows and more technicians are being paged."
            " You will be called."
        ),
        "",
    ),
    (
        "tracking-elsewhere",
        _("Joined another report"),
        _(
            "We deal with it already, and your report costs nothing of its own. Ring"
            " us at %(number)s if you want to know more."
        ),
        "number!",
    ),
    (
        "tracking-solved",
        _("Solved"),
        _("The work on this report is finished."),
        "",
    ),
    (
        "tracking-cancelled",
        _("Cancelled"),
        _("Nobody will call you about this report."),
        "",
    ),
    (
        "tracking-caller",
        _("Is it really us?"),
        _(
            "We call from %(number)s or from the technician's own telephone. Whoever"
            " does not know the code is not us: hang up and ring %(number)s. We never"
            " ask for your password."
        ),
        "number!",
    ),
    (
        "tracking-address",
        _("About the address of the page"),
        _(
            "Keep the address of this page: it opens your report without a password."
            " Share it only with people who may see it."
        ),
        "",
    ),
    (
        "tracking-revoked",
        _("The link is no longer valid"),
        _(
            "We have taken it back, so that nobody reads your report who should not."
            " Your report itself is not affected."
        ),
        "",
    ),
)
OTHERS = passages(
    _("Other pages"),
    (
        "sign-in-lead",
        _("Sign-in"),
        _(
            "Signed in, you see the incidents, orders and invoices of your account,"
            " and your reports count as verified."
        ),
        "",
    ),
    (
        "privacy-lead",
        _("Privacy, first sentence"),
        _(
            "You tell us what we need to help you tonight and to bill it. We use it"
            " for nothing else, and delete it when it is no longer needed."
        ),
        "",
    ),
    (
        "privacy-receivers",
        _("Privacy, who gets it"),
        _(
            "Our technicians on call and our accounting. Telephone and message"
            " services carry our calls, SMS and e-mails to you; they get your number"
            " or address and the text of the message, and no description of the"
            " problem. We sell and pass on nothing else."
        ),
        "",
    ),
    (
        "privacy-rights",
        _("Privacy, rights"),
        _(
            "You can ask what we keep about you, have it corrected, handed over or"
            " deleted, restrict its use or object to it. Write to us or call. If you"
            " think that we do wrong, you can complain to the data protection"
            " authority."
        ),
        "",
    ),
    (
        "accessibility-lead",
        _("Accessibility, first sentence"),
        _("Everybody must be able to order help, also at night and on a bad line."),
        "",
    ),
    (
        "accessibility-authority",
        _("Accessibility, who watches over it"),
        _(
            "If our answer does not help, turn to the Sozialministeriumservice, which"
            " watches over the accessibility act (BaFG) in Austria."
        ),
        "",
    ),
)
