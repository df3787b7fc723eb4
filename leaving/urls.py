from django.urls import path

from leaving import views

urlpatterns = [
    path("settings/data/", views.data, name="settings_data"),
    path("settings/data/<slug:name>.zip", views.archive, name="archive"),
    path("settings/data/leaving/", views.leaving, name="settings_leaving"),
    path("settings/data/leaving/delete/", views.keep, name="keep"),
]
