"""Why something had to stay, with the law that says so."""

from django.utils.translation import gettext as _


def why_it_stayed(code: str) -> tuple[str, str]:
    """The reason in words and its source."""
    reasons = {
        "open": (_("The incident is still open."), "DSGVO/GDPR Art. 6(1)(b)"),
        "held": (_("A legal hold stands."), "DSGVO/GDPR Art. 17(3)(e)"),
        "not_settled": (_("It is not settled yet."), "DSGVO/GDPR Art. 17(3)(e)"),
        "evidence": (
            _("Evidence of the order stays until claims have ended."),
            "DSGVO/GDPR Art. 17(3)(e), ABGB § 1489",
        ),
        "accounting": (
            _("Books and vouchers stay for seven years."),
            "DSGVO/GDPR Art. 17(3)(b), BAO § 132",
        ),
    }
    return reasons[code]
