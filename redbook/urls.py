from django.urls import include, path, register_converter

from redbook import converters, views
from redbook.admin import site

register_converter(converters.IdConverter, "id")
register_converter(converters.HandleConverter, "handle")
register_converter(converters.WordsConverter, "words")

handler400 = "redbook.views.bad_request"
handler403 = "redbook.views.forbidden"
handler404 = "redbook.views.not_found"
handler500 = "redbook.views.server_error"

urlpatterns = [
    path("", include("notes.urls")),
    path("", include("insights.urls")),
    path("", include("profiles.urls")),
    path("", include("moderation.urls")),
    path("", include("leaving.urls")),
    path("about/", views.about, name="about"),
    path("terms/", views.terms, name="terms"),
    path("privacy/", views.privacy, name="privacy"),
    path("rules/", views.rules, name="rules"),
    path("theme/", views.theme, name="theme"),
    path("keys/", views.keys, name="keys"),
    path("language/", views.language, name="language"),
    path("introduction/", views.introduction, name="introduction"),
    path("too-large", views.too_large, name="too_large"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", site.urls),
]
