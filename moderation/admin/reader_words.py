"""The words that moderators offer for describing creators. Who picked which is on no page of theirs."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenRowForm
from core.forms import LineField
from insights.models import Word
from insights.models.words import WORD_MAX
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import site


class WordForm(SeenRowForm):
    en = LineField(limit=WORD_MAX, max_length=WORD_MAX, label=_("In English"))
    zh = LineField(limit=WORD_MAX, max_length=WORD_MAX, label=_("In Chinese"))

    class Meta:
        model = Word
        fields = ["en", "zh", "is_offered"]


@admin.register(Word, site=site)
class WordAdmin(LimitedSearchAdmin):
    """Words are never deleted, only no longer offered: those who picked one keep it, and nothing shown changes."""

    form = WordForm
    list_display = ["en", "zh", "is_offered"]
    list_filter = ["is_offered"]
    search_fields = ["en", "zh"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
