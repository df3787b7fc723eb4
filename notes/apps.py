from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotesConfig(AppConfig):
    name = "notes"
    verbose_name = _("Notes")

    def ready(self) -> None:
        from notes.collections.follows import Visit, record_visits
        from notes.readers import write_buffer
        from notes.readers.actions import Opening, record_openings
        from notes.readers.arrivals import record_arrivals
        from notes.readers.events import Arrived, Opened
        from notes.reading_history.actions import record_entries

        write_buffer.keep(Opening, "Openings of notes", lambda lines: record_openings(openings=lines))
        write_buffer.keep(Arrived, "Arrivals at notes", lambda lines: record_arrivals(arrivals=lines))
        write_buffer.keep(
            Opened, "Reading histories", lambda lines: record_entries(opened=lines), at_once=500
        )
        write_buffer.keep(Visit, "Visits of followed collections", record_visits)
