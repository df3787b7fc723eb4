from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotesConfig(AppConfig):
    name = "notes"
    verbose_name = _("Notes")

    def ready(self) -> None:
        from notes.readers import write_buffer
        from notes.readers.actions import Opening, record_openings
        from notes.readers.arrivals import record_arrivals
        from notes.readers.events import Arrived

        write_buffer.keep(Opening, "Openings of notes", lambda lines: record_openings(openings=lines))
        write_buffer.keep(Arrived, "Arrivals at notes", lambda lines: record_arrivals(arrivals=lines))
