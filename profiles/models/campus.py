from django.db import IntegrityError, models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from redbook.ids import random_name
from redbook.text import normal_form, slug

NAME_MAX, CITY_MAX = 60, 40
OFFERED = 200


class CampusQuerySet(models.QuerySet["Campus"]):
    def offered(self) -> list[str]:
        """Names to choose from where a campus is asked for."""
        return list(self.order_by("name").values_list("name", flat=True)[:OFFERED])

    def named(self, name: str, city: str = "") -> "Campus":
        """The campus of this name in any case or width, added, with its city, when nobody has named it yet."""
        normal = normal_form(name)[:160]
        words = slug(name)[:80] or random_name()[:8]
        for address in (words, f"{words}-{random_name()[:6]}"):
            self.bulk_create(
                [self.model(name=name, city=city, normal=normal, slug=address)], ignore_conflicts=True
            )
            found = self.filter(normal=normal).first()
            if found:
                return found
        raise IntegrityError(f"No address is free for the campus {name!r}.")


class Campus(models.Model):
    name = models.CharField(_("name"), max_length=600)
    city = models.CharField(_("city"), max_length=400, blank=True)
    normal = models.CharField(_("normal form"), max_length=160, unique=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = CampusQuerySet.as_manager()

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campus", args=[self.slug])
