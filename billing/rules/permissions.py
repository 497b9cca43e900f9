"""Who may open which page of billing, the kind of row it opens, and whether we ask
again who somebody is: before money moves, before figures leave the house.

The lines are read together with those of the rest (``PERMISSION_TABLES`` in the
settings); what the words mean stands there. Roles and words are plain, as nothing here
knows the other app.
"""

from billing.rules.roles import ACCOUNTING, LOOKERS, READERS

TOKEN = frozenset({"whoever has the address"})
MACHINES = frozenset({"machine"})

TABLE: dict[str, tuple[frozenset[str], str, str]] = {
    "billing:index": (LOOKERS, "", "never"),
    "billing:documents": (LOOKERS, "", "never"),
    "billing:document": (LOOKERS, "document", "never"),
    "billing:approve": (ACCOUNTING, "document", "changes"),
    "billing:issue": (ACCOUNTING, "document", "changes"),
    "billing:credit": (ACCOUNTING, "document", "changes"),
    "billing:send": (ACCOUNTING, "document", "changes"),
    "billing:delivered": (ACCOUNTING, "document", "never"),
    "billing:bounced": (ACCOUNTING, "attempt", "never"),
    "billing:record": (READERS, "incident", "never"),
    "billing:release": (ACCOUNTING, "hold", "changes"),
    "billing:objection": (LOOKERS, "document", "never"),
    "billing:objection_note": (ACCOUNTING, "document", "never"),
    "billing:objection_answer": (ACCOUNTING, "document", "changes"),
    "billing:batches": (LOOKERS, "", "never"),
    "billing:batch_start": (ACCOUNTING, "", "changes"),
    "billing:batch": (LOOKERS, "batch", "never"),
    "billing:batch_repeat": (ACCOUNTING, "batch", "changes"),
    "billing:figures": (LOOKERS, "", "never"),
    "billing:figures_csv": (LOOKERS, "", "file"),
    "billing:procedure": (LOOKERS, "", "never"),
    "billing:procedure_pdf": (LOOKERS, "", "never"),
    "billing:document_pdf": (READERS, "document", "never"),
    "billing:electronic_form": (READERS, "document", "never"),
    "billing:customer_pdf": (TOKEN, "token", "never"),
    "billing:account": (LOOKERS, "account", "never"),
    "billing:contract": (ACCOUNTING, "account", "changes"),
    "billing:ask_authority": (ACCOUNTING, "account", "never"),
    "billing:ratecards": (LOOKERS, "", "never"),
    "billing:ratecard_new": (ACCOUNTING, "", "changes"),
    "billing:ratecard": (LOOKERS, "rate card", "changes"),
    "billing:exports": (LOOKERS, "", "never"),
    "billing:new_export": (ACCOUNTING, "", "changes"),
    "billing:export_settings": (LOOKERS, "", "changes"),
    "billing:export": (LOOKERS, "export", "never"),
    "billing:export_file": (LOOKERS, "export", "file"),
    "billing:issuer": (LOOKERS, "", "changes"),
    "billing:vat_rate": (ACCOUNTING, "", "changes"),
    "billing:hand_over": (LOOKERS, "", "never"),
    "billing:hand_over_new_file": (ACCOUNTING, "", "changes"),
    "billing:hand_over_file": (LOOKERS, "file", "file"),
    "billing:hand_over_answer": (MACHINES, "", "never"),
    "billing:hand_over_record": (TOKEN, "token", "never"),
    "billing:answered_by_hand": (ACCOUNTING, "document", "changes"),
    "billing:take_back": (ACCOUNTING, "document", "changes"),
    "billing:paid": (ACCOUNTING, "document", "changes"),
    "billing:undo_booking": (ACCOUNTING, "booking", "changes"),
    "billing:open": (LOOKERS, "", "never"),
    "billing:open_account": (LOOKERS, "account", "never"),
    "billing:use_credit": (ACCOUNTING, "document", "changes"),
    "billing:payments": (LOOKERS, "", "never"),
    "billing:payment_upload": (ACCOUNTING, "", "changes"),
    "billing:payment_rules": (LOOKERS, "", "changes"),
    "billing:csv_mapping_new": (ACCOUNTING, "", "changes"),
    "billing:csv_mapping": (LOOKERS, "mapping", "changes"),
    "billing:payment": (LOOKERS, "payment", "changes"),
    "billing:payment_confirm": (ACCOUNTING, "payment", "changes"),
    "billing:payment_book": (ACCOUNTING, "payment", "changes"),
    "billing:payment_aside": (ACCOUNTING, "payment", "changes"),
    "billing:payment_again": (ACCOUNTING, "payment", "changes"),
}
