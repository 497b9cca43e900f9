"""Addresses about who works here, under /desk/colleagues/."""

from django.urls import path

from emergency.views import colleague_accounts as views

urlpatterns = [
    path("", views.show_colleagues, name="colleagues"),
    path("add/", views.add, name="colleague_add"),
    path("<int:staff_id>/", views.change, name="colleague"),
    path("<int:staff_id>/password/", views.offer_password, name="colleague_password"),
    path("welcome/<int:staff_id>/<str:token>/", views.welcome, name="colleague_in"),
]
