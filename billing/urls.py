"""Accounting's addresses, below /billing/."""

from django.urls import URLPattern, URLResolver, path

from billing.views import accounts, documents, exports, lists, ratecards

app_name = "billing"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.index, name="index"),
    path("documents/", lists.document_list, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/approve/", documents.approve_document, name="approve"),
    path("documents/<int:pk>/issue/", documents.issue_document, name="issue"),
    path("documents/<int:pk>/credit/", documents.credit, name="credit"),
    path("documents/<int:pk>/send/", documents.send, name="send"),
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
]
