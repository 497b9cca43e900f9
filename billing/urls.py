"""Accounting's addresses, below /billing/."""

from django.urls import URLPattern, URLResolver, path

from billing.views import (
    accounts,
    delivery,
    documents,
    exports,
    lists,
    open_items,
    payment_settings,
    payments,
    ratecards,
    settling,
)

app_name = "billing"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.index, name="index"),
    path("documents/", lists.document_list, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/approve/", documents.approve_document, name="approve"),
    path("documents/<int:pk>/issue/", documents.issue_document, name="issue"),
    path("documents/<int:pk>/credit/", documents.credit, name="credit"),
    path("documents/<int:pk>/send/", delivery.send, name="send"),
    path(
        "documents/<int:pk>/sent/<int:attempt>/bounced/",
        delivery.bounced,
        name="bounced",
    ),
    path(
        "documents/<int:pk>/records/<slug:reference>/<slug:kind>.pdf",
        delivery.record,
        name="record",
    ),
    path(
        "documents/<int:pk>/holds/<int:hold>/release/",
        documents.release,
        name="release",
    ),
    path("pdf/<slug:number>.pdf", documents.document_pdf, name="document_pdf"),
    path(
        "einvoice/<slug:number>/<slug:kind>.xml",
        documents.electronic_form,
        name="electronic_form",
    ),
    path(
        "customer/<str:token>/<slug:number>.pdf",
        documents.customer_pdf,
        name="customer_pdf",
    ),
    path("accounts/<str:number>/", accounts.account, name="account"),
    path("ratecards/", ratecards.card_list, name="ratecards"),
    path("ratecards/new/", ratecards.new_card, name="ratecard_new"),
    path("ratecards/<int:pk>/", ratecards.card_page, name="ratecard"),
    path("exports/", exports.run_list, name="exports"),
    path("exports/new/", exports.new_export, name="new_export"),
    path("exports/settings/", exports.export_settings, name="export_settings"),
    path("exports/<int:pk>/", exports.run, name="export"),
    path("exports/<int:pk>/file/", exports.file, name="export_file"),
    path("issuer/", accounts.issuer, name="issuer"),
    path("documents/<int:pk>/paid/", settling.paid, name="paid"),
    path("bookings/<int:booking>/undo/", settling.undo, name="undo_booking"),
    path("open/", open_items.open_list, name="open"),
    path("open/<str:number>/", open_items.open_account, name="open_account"),
    path("documents/<int:pk>/use-credit/", open_items.pay_by_credit, name="use_credit"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/upload/", payments.upload, name="payment_upload"),
    path("payments/rules/", payment_settings.rules, name="payment_rules"),
    path("payments/csv/", payment_settings.mapping, name="csv_mapping_new"),
    path("payments/csv/<int:pk>/", payment_settings.mapping, name="csv_mapping"),
    path("payments/<int:pk>/", payments.entry, name="payment"),
    path("payments/<int:pk>/confirm/", payments.confirm_match, name="payment_confirm"),
    path("payments/<int:pk>/book/", payments.by_hand, name="payment_book"),
    path("payments/<int:pk>/aside/", payments.aside, name="payment_aside"),
    path("payments/<int:pk>/again/", payments.again, name="payment_again"),
]
