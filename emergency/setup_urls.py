"""Addresses of imports, links, limits, audit, figures and drills, under /desk/."""

from django.urls import path

from emergency.views import (
    account_import,
    audit,
    drill,
    links,
    promise_figures,
    rate_limits,
)

urlpatterns = [
    path("accounts/import/", account_import.show_imports, name="accounts_import"),
    path(
        "accounts/import/upload/", account_import.upload, name="accounts_import_upload"
    ),
    path(
        "accounts/import/<int:run_id>/",
        account_import.show_run,
        name="accounts_import_run",
    ),
    path(
        "accounts/import/<int:run_id>/confirm/",
        account_import.confirm,
        name="accounts_import_confirm",
    ),
    path(
        "accounts/import/<int:run_id>/discard/",
        account_import.discard,
        name="accounts_import_discard",
    ),
    path("drill/", drill.drill, name="drill"),
    path("operator/limits/", rate_limits.edit_limits, name="operator_limits"),
    path("links/", links.edit_links, name="links"),
    path("audit/", audit.show_audit, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("figures/", promise_figures.show_promise, name="promise"),
    path(
        "figures/csv/",
        promise_figures.export_promise,
        {"kind": "csv"},
        name="promise_csv",
    ),
    path(
        "figures/pdf/",
        promise_figures.export_promise,
        {"kind": "pdf"},
        name="promise_pdf",
    ),
]
