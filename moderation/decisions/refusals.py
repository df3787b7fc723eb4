"""Why a decision is not made, in words for the moderator."""

from django.utils.translation import gettext_lazy as _

from moderation.models import Case, Decision


class Refused(Exception):
    """The decision cannot be made; the message says why."""

    @property
    def is_gone(self) -> bool:
        """Whether what it is about has been deleted."""
        return self.args[0] is GONE


class Decided(Exception):
    """The case is no longer the one that was read. `meanwhile` has what was decided since, the oldest first; it is
    empty if a report made the case graver.
    """

    def __init__(self, case: Case, meanwhile: list[Decision]) -> None:
        super().__init__(case.pk)
        self.case, self.meanwhile = case, meanwhile


GONE = _("This has been deleted. Close the case without action, or decide about the account.")
NOBODY = _("There is no account to decide about.")
NOT_OF_THIS = _("This decision is not one for cases of this kind.")
NO_MODERATOR = _("You are no longer a moderator. Nothing was decided.")
OWN_MATTER = _("This is about you: another moderator decides it.")
FOR_OTHERS = _("Another moderator decides about this.")
OF_MODERATORS = _("Only a superuser can limit or suspend a moderator.")
NEEDS_END = _("Say until when.")
PAST_END = _("The end has to be in the future.")
NEEDS_LIMITS = _("Say what the account may not do.")
NEEDS_WARNING = _("Say what readers are warned of.")
RETIRED = _("This rule is no longer in force. Choose another one.")
TOO_MANY = _("Choose at most %(most)d cases at a time.")
