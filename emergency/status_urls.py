"""Addresses of the pages about status pages, under /desk/status/."""

from django.urls import path

from emergency.views import own_page, status_pages

urlpatterns = [
    path("", status_pages.show_pages, name="status_pages"),
    path("look/", status_pages.look, name="status_look"),
    path("add/", status_pages.add_page, name="status_add"),
    path("fixed/", status_pages.add_fixed_times, name="status_fixed"),
    path("<int:source_id>/check/", status_pages.check_now, name="status_check"),
    path("<int:source_id>/switch/", status_pages.switch, name="status_switch"),
    path("own/", own_page.show_own_page, name="own_page"),
    path("own/open/", own_page.open_own_page, name="own_page_open"),
    path("own/announce/", own_page.announce, name="own_page_announce"),
    path("own/<int:window_id>/", own_page.change, name="own_page_change"),
    path("own/<int:window_id>/end/", own_page.end, name="own_page_end"),
]
