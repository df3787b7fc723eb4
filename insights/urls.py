from django.urls import path

from insights import views

urlpatterns = [path("notes/<id:pk>/seen/", views.seen, name="note_seen")]
