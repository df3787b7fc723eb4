from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

STRATA = (3, 6, 9)  # levels, from 7, 63 and 511 uses on, at which a name is in the next stratum


class Name(models.Model):
    """The lexemes by which a person, tag, label or campus is found: written by triggers with its row (docs/search.md).

    Whether the viewer may see it is asked of its own row. `level` is how much it is used, as the logarithm to base 2:
    of a person's followers, of the public notes of a tag or campus, of those who declare a label, counted last night;
    -1 if nothing public had it. Its stratum is among the lexemes, so that of thousands of names that match the most
    used are read first.
    """

    class Kind(models.TextChoices):
        PERSON = "p"
        TAG = "t"
        LABEL = "l"
        CAMPUS = "c"

    pk = models.CompositePrimaryKey("kind", "target")
    kind = models.CharField(max_length=1, choices=Kind)
    target = models.BigIntegerField()  # the id of the row that has the name
    level = models.SmallIntegerField(default=0, db_default=0)
    lexemes = SearchVectorField()

    class Meta:
        # Without a list of pending entries, which each search would read.
        indexes = [GinIndex(fields=["lexemes"], name="search_name_lexemes", fastupdate=False)]

    def __str__(self) -> str:
        return f"Name of {self.kind} {self.target}"
