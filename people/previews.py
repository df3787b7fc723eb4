"""Link previews of people, labels and campuses for other sites: what their pages show to everyone."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.link_previews import Picture, Preview, plain, site_picture
from profiles.models import Campus, Label, Positioning, User

DESCRIPTION_MAX = 200  # characters
AVATAR = "square192"


def person_preview(person: User, said: Positioning | None) -> Preview:
    """Return the preview of a profile; `said` is its public label."""
    words = [said.wording, said.statement] if said else []
    description = " · ".join(filter(None, [*words, " ".join(person.bio.split())]))
    description = description or _("Notes by %(name)s.") % {"name": person.name}
    picture = site_picture()
    if person.avatar_base:
        picture = Picture(f"{person.avatar_base}{AVATAR}.jpg", 192, 192, person.name)
    title = f"{person.name} (@{person.handle})"
    short = Truncator(description).chars(DESCRIPTION_MAX)
    return Preview(title, short, person.get_absolute_url(), picture, "profile")


def label_preview(label: Label) -> Preview:
    says = _("People with the label “%(label)s”, and what they post.") % {"label": label.wording}
    return plain(label.wording, says, label.get_absolute_url())


def campus_preview(campus: Campus) -> Preview:
    says = _("Notes from %(campus)s.") % {"campus": campus.name}
    return plain(campus.name, says, campus.get_absolute_url())
