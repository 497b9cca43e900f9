from django.urls import URLPattern, URLResolver, path

from status import views

app_name = "status"

# Where Statuspage, version 2, puts them.
API = "api/v2/"
PLANNED = API + "scheduled-maintenances"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.show_page, name="page"),
    path(API + "summary.json", views.show_summary, name="summary"),
    path(PLANNED + ".json", views.show_all, name="all"),
    path(PLANNED + "/active.json", views.show_active, name="active"),
    path(PLANNED + "/upcoming.json", views.show_upcoming, name="upcoming"),
    path("demo/api/v2/summary.json", views.demo_summary, name="demo_summary"),
]
