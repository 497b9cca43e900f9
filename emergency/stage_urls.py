"""Addresses of the demo's stage; outside the demo each of them is not found."""

from django.urls import path

from emergency.views import stage

urlpatterns = [
    path("", stage.show_stage, name="stage"),
    path("now/", stage.stage_now, name="stage_now"),
    path("story/", stage.start, name="stage_story"),
    path("desk/", stage.open_desk, name="stage_desk"),
    path("brand/", stage.brand, name="stage_brand"),
]
