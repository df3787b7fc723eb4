from django.urls import path

from notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read, name="notifications_read"),
    path("notifications/<id:pk>/mute/", views.mute_note_of, name="notification_mute"),
    path("notes/<id:pk>/mute/", views.mute, name="note_mute"),
    path("notes/<id:pk>/mute/delete/", views.unmute, name="note_unmute"),
    path("settings/notifications/", views.settings, name="settings_notifications"),
]
