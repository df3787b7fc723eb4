from django.urls import path

from insights.views import mirror
from insights.views.seen import seen

urlpatterns = [
    path("notes/<id:pk>/seen/", seen, name="note_seen"),
    path("insights/", mirror.overview, name="mirror"),
    path("insights/<slug:table>.csv", mirror.overview_table, name="mirror_table"),
    path("insights/notes/", mirror.note_list, name="mirror_notes"),
    path("insights/notes/notes.csv", mirror.note_list_table, name="mirror_notes_table"),
    path("insights/notes/<id:pk>/", mirror.note, name="mirror_note"),
    path("insights/notes/<id:pk>/<slug:table>.csv", mirror.note_table, name="mirror_note_table"),
    path("insights/label/", mirror.labels, name="mirror_label"),
    path("insights/label/<slug:table>.csv", mirror.labels_table, name="mirror_label_table"),
]
