from django.urls import path

from moderation import views
from moderation.appeals import views as appeals
from moderation.reports import mine
from moderation.rules.views import rules
from moderation.standing.views import standing
from moderation.transparency import views as transparency

urlpatterns = [
    path("report/", views.report, name="report"),
    path("reports/", mine.reports, name="reports"),
    path("rules/", rules, name="rules"),
    path("transparency/", transparency.transparency, name="transparency"),
    path("transparency/figures.csv", transparency.table, name="transparency_table"),
    path("settings/standing/", standing, name="settings_standing"),
    path("decisions/", appeals.decisions, name="decisions"),
    path("decisions/<id:pk>/", appeals.decision, name="decision"),
    path("decisions/<id:pk>/appeal/", appeals.appeal, name="appeal"),
    path("appeals/<str:key>/", appeals.appeal_by_key, name="appeal_by_key"),
]
