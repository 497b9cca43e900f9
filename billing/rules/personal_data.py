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
            "enclosed_records",
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
    "BankFile": {ACCOUNTING: ("name",), TECHNICAL: ("format", "sha256")},
    "BankEntry": {
        ACCOUNTING: (
            *("account_iban", "currency", "name", "iban", "text", "reference"),
            *("end_to_end_id", "bank_reference", "status_note"),
        ),
        TECHNICAL: ("fingerprint",),
    },
    "CsvMapping": {
        TECHNICAL: (
            *("name", "booked_on", "value_on", "amount", "currency", "text"),
            *("payer", "iban", "reference", "bank_reference"),
        )
    },
    "Booking": {ACCOUNTING: ("note",)},
    "Allocation": {ACCOUNTING: ("account_number",)},
    "IncidentSettlement": {ACCOUNTING: ("incident_reference",)},
    "PaymentRules": {TECHNICAL: ("levels",)},
    "Reminder": {ACCOUNTING: ("address", "subject", "body", "problem", "message_id")},
    "DocumentLine": {
        ACCOUNTING: ("incident_reference",),
        TECHNICAL: ("code", "details"),
    },
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
    "ExportSettings": {
        ACCOUNTING: ("debtor_account", "debtor_exceptions"),
        TECHNICAL: (
            *("bmd_columns", "bmd_symbol", "bmd_credit_symbol"),
            *("datev_label", "datev_initials", "datev_chart"),
        ),
    },
    "ExportTaxCode": {
        TECHNICAL: ("bmd_code", "bmd_account", "datev_key", "datev_account")
    },
    "ExportRun": {
        ACCOUNTING: ("account_number", "problem", "problem_about"),
        TECHNICAL: ("sha256",),
    },
    "ExportEntry": {},
    "ExportPiece": {ACCOUNTING: ("content",)},
    "RateCard": {TECHNICAL: ("currency", "policy")},
    "Transmission": {ACCOUNTING: ("kind", "address", "problem", "message_id")},
}
