"""Addresses at the desk for contacts and support PINs of an account."""

from django.urls import path

from emergency.views import contacts

urlpatterns = [
    path("accounts/<str:number>/facts/", contacts.facts, name="account_facts"),
    path("accounts/<str:number>/contacts/", contacts.add, name="contact_add"),
    path(
        "accounts/<str:number>/contacts/<int:contact_id>/retire/",
        contacts.retire,
        name="contact_retire",
    ),
    path("accounts/<str:number>/pin/", contacts.new_pin, name="pin_new"),
    path("accounts/<str:number>/pin/revoke/", contacts.end_pin, name="pin_revoke"),
]
