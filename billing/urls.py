"""Accounting's addresses, below /billing/."""

from django.urls import URLPattern, URLResolver, path

from billing.views import (
    accounts,
    batches,
    credit,
    documents,
    figures,
    lists,
    objections,
    procedure,
)

app_name = "billing"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.index, name="index"),
    path("documents/", lists.document_list, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/approve/", documents.approve_document, name="approve"),
    path("documents/<int:pk>/issue/", documents.issue_document, name="issue"),
    path("documents/<int:pk>/credit/", credit.credit, name="credit"),
    path("documents/<int:pk>/send/", documents.send, name="send"),
    path(
        "documents/<int:pk>/holds/<int:hold>/release/",
        documents.release,
        name="release",
    ),
    path("documents/<int:pk>/objection/", objections.objection, name="objection"),
    path(
        "documents/<int:pk>/objection/note/",
        objections.note_it,
        name="objection_note",
    ),
    path(
        "documents/<int:pk>/objection/answer/",
        objections.answer,
        name="objection_answer",
    ),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/start/", batches.start, name="batch_start"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/repeat/", batches.repeat, name="batch_repeat"),
    path("figures/", figures.figures, name="figures"),
    path("figures.csv", figures.figures_csv, name="figures_csv"),
    path("procedure/", procedure.procedure_page, name="procedure"),
    path("procedure.pdf", procedure.procedure_file, name="procedure_pdf"),
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
