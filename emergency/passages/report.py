"""From the first page to the order."""

from django.utils.translation import gettext_lazy as _

from emergency.passages.base import passages

FORM = passages(
    _("Form"),
    (
        "form-title",
        _("Heading"),
        _("Server down? We call you within %(minutes)s minutes."),
        "minutes!",
    ),
    (
        "form-lead",
        _("What it is"),
        _(
            "Emergency support is for servers that worked before and do not work now."
            " A technician on call phones you, day and night, for a fee."
        ),
        "",
    ),
    (
        "form-danger",
        _("Danger to life"),
        _("Is somebody in danger? Call %(number)s first."),
        "number!",
    ),
    (
        "form-order-in-free-hours",
        _("While free support is open"),
        _("You may also order emergency support below. It costs %(fee)s at any hour."),
        "fee!",
    ),
    (
        "form-can-wait",
        _("Heading above the free ways"),
        _("It can wait? Then it costs nothing"),
        "",
    ),
    (
        "form-mail-at-night",
        _("Below the free ways"),
        _("An e-mail pages nobody at night. It is read when free support opens."),
        "",
    ),
    (
        "form-whose-fault",
        _("Heading about the cause"),
        _("Whose fault is it, and what does that cost?"),
        "",
    ),
    (
        "form-infrastructure",
        _("The infrastructure was the cause"),
        _(
            "If our infrastructure was the cause, you pay the initial fee of %(fee)s"
            " (%(net)s net) and nothing else, however long it takes."
        ),
        "fee! net!",
    ),
    (
        "form-application",
        _("The application was the cause"),
        _(
            "If our servers run and your application fails, ask whoever made it first:"
            " programmer, agency or software house. We can look into the application"
            " for %(gross)s per hour (%(net)s net), and ask you before we begin."
        ),
        "gross! net!",
    ),
    (
        "form-no-prices",
        _("While nothing can be sold"),
        _(
            "Our prices cannot be shown at the moment, and we sell nothing without a"
            " price. Please call %(number)s. What you typed below is kept."
        ),
        "number!",
    ),
    (
        "form-below-button",
        _("Below the button"),
        _(
            "Nothing is ordered yet. You see your details and the price once more on"
            " the next page."
        ),
        "",
    ),
)
QUESTIONS = passages(
    _("Questions of the form"),
    ("ask-server", _("Server"), _("Which server?"), ""),
    (
        "ask-server-hint",
        _("Server, hint"),
        _("Name, domain or IP address. Several: with commas between them."),
        "",
    ),
    ("ask-problem", _("Problem"), _("What is not working?"), ""),
    (
        "ask-problem-hint",
        _("Problem, hint"),
        _("Error messages help. Please type no passwords."),
        "",
    ),
    ("ask-worked-before", _("Worked before"), _("Did it work before?"), ""),
    ("ask-steps", _("How to see it"), _("How can we see the problem?"), ""),
    (
        "ask-steps-hint",
        _("How to see it, hint"),
        _("Steps, or an address to open."),
        "",
    ),
    ("ask-changes", _("Changes"), _("What was changed recently?"), ""),
    (
        "ask-changes-hint",
        _("Changes, hint"),
        _("Updates, settings, new software."),
        "",
    ),
    ("ask-number", _("Callback number"), _("Which number should we call?"), ""),
    (
        "ask-number-hint",
        _("Callback number, hint"),
        _(
            "A technician calls this number. Any way of writing it is fine, also +43"
            " or +49."
        ),
        "",
    ),
    ("ask-name", _("Name"), _("Your name"), ""),
    ("ask-email", _("E-mail address"), _("Your e-mail address"), ""),
    (
        "ask-email-hint",
        _("E-mail address, hint"),
        _("Then we also write to you. Best one that works right now."),
        "",
    ),
)
CHECK = passages(
    _("Check page"),
    ("check-title", _("Heading"), _("Check your details, then order"), ""),
    (
        "check-new",
        _("Heading, when it never worked"),
        _("Something new that never worked?"),
        "",
    ),
    (
        "check-new-advice",
        _("Advice, when it never worked"),
        _(
            "Emergency support brings back what worked before. Setting up something"
            " new costs nothing in our office hours, and more time is left for it"
            " then. You can order all the same."
        ),
        "",
    ),
    (
        "check-maintenance",
        _("Beside a running maintenance"),
        _(
            "If it is the cause, the server comes back by itself and a call costs you"
            " the fee without need."
        ),
        "",
    ),
    (
        "check-pin",
        _("About the support PIN"),
        _(
            "With it we know at once that you may order for the account. Without it we"
            " ask you on the phone."
        ),
        "",
    ),
    (
        "check-below-button",
        _("Below the button"),
        _(
            "After that a technician is paged at once. You are called within"
            " %(minutes)s minutes."
        ),
        "minutes!",
    ),
)
