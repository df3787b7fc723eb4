from django.urls import path

from insights.views import audience, mirror, words
from insights.views.seen import seen

urlpatterns = [
    path("notes/<id:pk>/seen/", seen, name="note_seen"),
    path("insights/", mirror.overview, name="mirror"),
    path("insights/<slug:table>.csv", mirror.overview_table, name="mirror_table"),
    path("insights/notes/", mirror.note_list, name="mirror_notes"),
    path("insights/notes/notes.csv", mirror.note_list_table, name="mirror_notes_table"),
    path("insights/notes/<id:pk>/", mirror.note, name="mirror_note"),
    path("insights/notes/<id:pk>/<slug:table>.csv", mirror.note_table, name="mirror_note_table"),
    path("insights/audience/", audience.audience, name="mirror_audience"),
    path("insights/audience/<slug:table>.csv", audience.audience_table, name="mirror_audience_table"),
    path("insights/words/", words.seen_words, name="mirror_words"),
    path("insights/words/<slug:table>.csv", words.seen_words_table, name="mirror_words_table"),
    path("insights/words/strike/", words.strike, name="word_strike"),
    path("insights/words/strike/delete/", words.unstrike, name="word_unstrike"),
    path("@<handle:handle>/words/", words.words_for, name="words_for"),
    path("settings/words/", words.picked, name="settings_words"),
    path("settings/words/delete/", words.take_back, name="words_take_back"),
    path("insights/label/", mirror.labels, name="mirror_label"),
    path("insights/label/<slug:table>.csv", mirror.labels_table, name="mirror_label_table"),
]
