from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SHOWN_EVERY_SECONDS = 10  # pages are served more often than anything else happens
PAGES_AT_ONCE = 500  # of some 24 cards each


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights")

    def ready(self) -> None:
        from insights.actions.recording import (
            Reach,
            record_looks,
            record_reaches,
            record_showings,
            record_visits,
        )
        from notes.readers import write_buffer
        from notes.readers.events import Look, Showing
        from people.visits import ProfileVisit

        write_buffer.keep(
            Showing,
            "Cards shown",
            lambda lines: record_showings(showings=lines),
            every=SHOWN_EVERY_SECONDS,
            at_once=PAGES_AT_ONCE,
        )
        write_buffer.keep(Look, "Looks at notes", lambda lines: record_looks(looks=lines))
        write_buffer.keep(
            ProfileVisit,
            "Profile visits",
            lambda lines: record_visits(visits=lines),
            every=SHOWN_EVERY_SECONDS,
        )
        write_buffer.keep(Reach, "Photos reached", lambda lines: record_reaches(reaches=lines))
