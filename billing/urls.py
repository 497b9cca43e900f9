"""Accounting's addresses, below /billing/."""

from django.urls import URLPattern, URLResolver, path

from billing.views import accounts, delivery, documents, lists

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
    path("issuer/", accounts.issuer, name="issuer"),
]
