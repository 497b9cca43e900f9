"""Accounting's addresses, below /billing/."""

from django.urls import URLPattern, URLResolver, path

from billing.views import accounts, documents, hand_over, lists

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
    path("accounts/<str:number>/contract/", accounts.contract, name="contract"),
    path(
        "accounts/<str:number>/ask-authority/",
        accounts.ask_authority,
        name="ask_authority",
    ),
    path("issuer/", accounts.issuer, name="issuer"),
    path("issuer/vat-rate/", accounts.vat_rate, name="vat_rate"),
    path("hand-over/", hand_over.overview, name="hand_over"),
    path("hand-over/files/", hand_over.new_file, name="hand_over_new_file"),
    path("hand-over/files/<int:pk>.csv", hand_over.file, name="hand_over_file"),
    path("hand-over/answer/", hand_over.answer, name="hand_over_answer"),
    path(
        "hand-over/record/<str:token>/", hand_over.order_record, name="hand_over_record"
    ),
    path(
        "documents/<int:pk>/answered/",
        hand_over.answered_by_hand,
        name="answered_by_hand",
    ),
    path("documents/<int:pk>/take-back/", hand_over.taken_back, name="take_back"),
]
