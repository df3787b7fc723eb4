from django.urls import path

from notifications.digest import views

urlpatterns = [path("digest/<str:token>/", views.unsubscribe, name="digest")]
