from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotesConfig(AppConfig):
    name = "notes"
    verbose_name = _("Notes")

    def ready(self) -> None:
        from notes import ledger
        from notes.actions.readers import Opening, record_openings

        ledger.keep(Opening, "Openings of notes", lambda lines: record_openings(openings=lines))
