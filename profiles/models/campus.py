from django.db import IntegrityError, connection, models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.ids import random_name
from core.text import normal_form, slug

NAME_MAX, CITY_MAX = 60, 40


class CampusQuerySet(models.QuerySet["Campus"]):
    def named(self, name: str, city: str = "") -> "Campus":
        """Return the campus with this name in any case or width, or the one it was merged into; created with its city
        if missing.

        It stays locked against merging until the transaction ends: call this before notes and people are locked, as
        merging locks campuses first.
        """
        normal = normal_form(name)[:160]
        words = slug(name)[:80] or random_name()[:8]
        for address in (words, f"{words}-{random_name()[:6]}"):
            self.bulk_create(
                [self.model(name=name, city=city, normal=normal, slug=address)], ignore_conflicts=True
            )
            with connection.cursor() as cursor:
                cursor.execute(_LOCK, {"normal": normal})
            found = self.select_related("merged_into").filter(normal=normal).first()
            if found:
                return found.merged_into or found
        raise IntegrityError(f"No address is free for the campus {name!r}.")


# As the foreign key of a row that names one would, only sooner; and the one it was merged into.
_LOCK = """
SELECT FROM profiles_campus WHERE normal = %(normal)s OR id IN (
    SELECT merged_into_id FROM profiles_campus WHERE normal = %(normal)s
)
ORDER BY id FOR KEY SHARE
"""


class Campus(models.Model):
    name = models.CharField(_("name"), max_length=600)
    city = models.CharField(_("city"), max_length=400, blank=True)
    normal = models.CharField(_("normal form"), max_length=160, unique=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    is_added = models.BooleanField(_("added by a moderator"), default=False, db_default=False, editable=False)
    is_hidden = models.BooleanField(_("hidden"), default=False, db_default=False)
    is_school = models.BooleanField(
        _("school"),
        default=False,
        db_default=False,
        help_text=_("A high school: its people are in no table of campuses."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = CampusQuerySet.as_manager()

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campus", args=[self.slug])
