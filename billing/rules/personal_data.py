"""Which columns of billing hold what: the part of the register that is billing's.

The classes are those of docs/privacy.md. Books and vouchers are kept seven years from
the end of the calendar year (BAO § 132); no purge touches them.
"""

ACCOUNTING, TECHNICAL = "accounting", "technical"

REGISTER: dict[str, dict[str, tuple[str, ...]]] = {
    "BillingProfile": {
        ACCOUNTING: (
            *("account_number", "legal_name", "address", "postcode", "city"),
            *("country", "vat_id", "invoice_email", "einvoice_kinds"),
            *("electronic_address", "buyer_reference", "supplier_number"),
        )
    },
    "Batch": {},
    "BatchItem": {ACCOUNTING: ("reference",), TECHNICAL: ("problem",)},
    "ObjectionAnswer": {ACCOUNTING: ("address", "text", "problem")},
    "NumberSeries": {TECHNICAL: ("kind",)},
    "Document": {
        ACCOUNTING: (
            *("incident_reference", "account_number", "account_name", "number"),
            *("currency", "required_text", "blocked_by", "rating_version"),
            *("recipient", "issuer", "terms", "work", "issue_problem"),
        )
    },
    "DocumentLine": {TECHNICAL: ("code",)},
    "DocumentTax": {TECHNICAL: ("category",)},
    "DocumentFile": {ACCOUNTING: ("content",), TECHNICAL: ("sha256", "media_type")},
    "EInvoice": {ACCOUNTING: ("content",), TECHNICAL: ("sha256", "media_type")},
    "Hold": {ACCOUNTING: ("detail", "why")},
    "DocumentStep": {ACCOUNTING: ("values",)},
    "Issuer": {
        ACCOUNTING: (
            *("legal_name", "address", "postcode", "city", "country", "vat_id"),
            *("register_number", "register_court", "iban", "bic", "bank"),
            *("email", "phone", "website", "tax_number", "electronic_address"),
        )
    },
    "RateCard": {TECHNICAL: ("currency",)},
    "Transmission": {ACCOUNTING: ("kind", "address", "problem", "message_id")},
}
