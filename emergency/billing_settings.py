"""How billing works and speaks with other systems, from the environment.

What each variable means stands in `docs/configuration.md`; `billing.checks` names what
cannot work.
"""

import json

from emergency.environment import flag, parsed, text, whole_number

# Issue invoices here, or hand approved documents to the operator's own billing system.
BILLING_MODE = text("BILLING_MODE", "issue").lower()

# Payments, open items and reminders; docs/payments.md.
BILLING_PAYMENTS = flag("BILLING_PAYMENTS")

# Drafts above this gross amount wait for a person; 0: none does.
BILLING_HOLD_ABOVE = whole_number("BILLING_HOLD_ABOVE", 5000)

# When invoices are mailed, in local time, like 07:00-20:00; empty: at any time.
INVOICE_MAIL_HOURS = text("INVOICE_MAIL_HOURS")

HAND_OVER = {
    "URL": text("HAND_OVER_URL"),
    "SECRET": text("HAND_OVER_SECRET"),
    "CALLBACK_SECRET": text("HAND_OVER_CALLBACK_SECRET"),
    # A second one while the first is being changed.
    "CALLBACK_SECRET_SECONDARY": text("HAND_OVER_CALLBACK_SECRET_SECONDARY"),
    "ORDER_RECORD": text("HAND_OVER_ORDER_RECORD", "link").lower(),
    "TAX_CODES": parsed("HAND_OVER_TAX_CODES", "{}", json.loads),
}

# Issued documents also go to the operator's customer system.
DOCUMENT_PUSH = {
    "URL": text("DOCUMENT_PUSH_URL"),
    "SECRET": text("DOCUMENT_PUSH_SECRET"),
}

# The authority's service that answers about VAT ids; empty: confirmed by hand.
VIES_URL = text("VIES_URL").rstrip("/")
# For how long an answer is believed.
VIES_CACHE_DAYS = whole_number("VIES_CACHE_DAYS", 30)
