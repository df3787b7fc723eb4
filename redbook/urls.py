from django.urls import include, path, register_converter

from core import url_converters
from moderation.admin.site import site
from redbook import views

register_converter(url_converters.IdConverter, "id")
register_converter(url_converters.HandleConverter, "handle")
register_converter(url_converters.WordsConverter, "words")

handler400 = "redbook.views.bad_request"
handler403 = "redbook.views.forbidden"
handler404 = "redbook.views.not_found"
handler500 = "redbook.views.server_error"

urlpatterns = [
    path("", include("notes.urls")),
    path("", include("insights.urls")),
    path("", include("search.urls")),
    path("", include("notifications.urls")),
    path("", include("notifications.digest.urls")),
    path("", include("people.urls")),
    path("", include("moderation.urls")),
    path("", include("leaving.urls")),
    path("about/", views.about, name="about"),
    path("terms/", views.terms, name="terms"),
    path("privacy/", views.privacy, name="privacy"),
    path("young-people/", views.young_people, name="young_people"),
    path("support/", views.support, name="support"),
    path("theme/", views.theme, name="theme"),
    path("keys/", views.keys, name="keys"),
    path("language/", views.language, name="language"),
    path("introduction/", views.introduction, name="introduction"),
    path("too-large", views.too_large, name="too_large"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", site.urls),
]
