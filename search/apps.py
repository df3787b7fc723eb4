from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from notes.readers import write_buffer
        from search.recent.actions import Searched, record_searches

        write_buffer.keep(Searched, "Recent searches", lambda lines: record_searches(searches=lines))
