"""Addresses of how people can be reached, all under /desk/."""

from django.urls import path

from emergency.views import reach

urlpatterns = [
    path("me/", reach.show_own, name="own_reach"),
    path("me/pages.vcf", reach.card, name="contact_card"),
    path("people/<int:technician_id>/", reach.show_person, name="reach"),
    path("people/<int:technician_id>/add/", reach.add, name="method_add"),
    path("people/<int:technician_id>/rules/", reach.set_rules, name="rules_set"),
    path("people/<int:technician_id>/test/", reach.page_me, name="page_me"),
    path("method/<int:method_id>/code/", reach.prove, name="method_prove"),
    path("method/<int:method_id>/<str:act>/", reach.change, name="method_change"),
]
