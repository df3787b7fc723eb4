from django.db import models
from django.shortcuts import get_object_or_404


class FormerSlugQuerySet(models.QuerySet["FormerSlug"]):
    def now(self, kind: str, slug: str) -> str:
        """Return the current slug for a former one. Raises Http404 if there is none."""
        return get_object_or_404(self, kind=kind, slug=slug).became


class FormerSlug(models.Model):
    """A former slug of a tag, label or campus, which redirects to the current one."""

    class Kind(models.TextChoices):
        TAG = "tag"
        LABEL = "label"
        CAMPUS = "campus"

    kind = models.CharField(max_length=6, choices=Kind)
    slug = models.CharField(max_length=100)
    became = models.CharField(max_length=100)

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug} → {self.became}"
