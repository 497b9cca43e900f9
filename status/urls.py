from django.urls import URLPattern, URLResolver, path

from status import views

app_name = "status"

urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/api/v2/summary.json", views.demo_summary, name="demo_summary"),
]
