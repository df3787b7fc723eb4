from contextlib import suppress
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from moderation.admin.decisions import Decided, DecidedFilter, Decision
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import moderator, site
from moderation.models import Step
from people.actions.moderators import moderators
from profiles.addresses import tidy_address
from profiles.models import Positioning, User

SUSPEND = Decision("suspend", _("Suspend"), _("Suspended"), "suspended_at", Step.SUSPEND)


class SuspendedFilter(DecidedFilter):
    title = _("suspended")
    parameter_name = "suspended"
    answers = (_("Not suspended"), _("Suspended"))


class LeavingFilter(admin.SimpleListFilter):
    title = _("leaving")
    parameter_name = "leaving"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Leaving"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(leaving_at__isnull=False) if self.value() == "yes" else queryset


@admin.register(User, site=site)
class UserAdmin(LimitedSearchAdmin, Decided[User]):
    """Moderators suspend and restore people; superusers appoint moderators. Passwords cannot be set here."""

    list_display = [
        "handle",
        "name",
        "verified",
        "campus",
        "stage",
        "label",
        "date_joined",
        "follower_count",
        "suspended_at",
        "leaving_at",
    ]
    list_filter = [SuspendedFilter, LeavingFilter, "is_staff", "stage", "date_joined", "campus"]
    search_fields = ["handle", "name", "email"]
    search_help_text = _("Handle, name or e-mail address")
    date_hierarchy = "date_joined"
    decision = SUSPEND
    autocomplete_fields = ["groups"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "handle",
                    "past_handles",
                    "name",
                    "email",
                    "verified",
                    "label",
                    "bio",
                    "campus",
                    "stage",
                    "made",
                ]
            },
        ),
        (_("Facts"), {"fields": ["date_joined", "last_login", "follower_count", "following_count"]}),
        (_("Suspended"), {"fields": ["suspended_at", "suspended_by", "suspended_reason"]}),
        (_("Leaving"), {"fields": ["leaving_at", "leaves_at", "going_at"]}),
    ]
    appointment = (_("Moderator"), {"fields": ["is_staff", "groups"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        address = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        people = User.objects.with_label().annotate(address_verified=Exists(address))
        people = people.select_related("campus", "suspended_by").order_by("-date_joined", "-pk")
        return self.others_matters(request, people).fetch_mode(settings.LAZY_FETCH_MODE)

    def concerns(self, person: User) -> Q:
        """Match labels the person declares or has declared."""
        return Q(pk=person.pk)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Search addresses in their stored form."""
        with suppress(ValidationError):
            search_term = tidy_address(search_term)
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [*self.fieldsets, self.appointment] if request.user.is_superuser else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return flatten_fieldsets(self.fieldsets)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Reject lookups that could reveal a password's hash."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Add a new staff member without a group to the Moderators group."""
        super().save_related(request, form, formsets, change)
        if form.instance.is_staff and "is_staff" in form.changed_data and not form.cleaned_data["groups"]:
            form.instance.groups.add(moderators())

    def within_reach(self, request: HttpRequest, people: QuerySet[User]) -> QuerySet[User]:
        """Return the people that the moderator may suspend and restore: never themselves; other moderators only as a
        superuser.
        """
        others = people.exclude(pk=moderator(request).pk)
        return others if request.user.is_superuser else others.filter(is_staff=False, is_superuser=False)

    @admin.display(description=_("will be deleted"))
    def leaves_at(self, person: User) -> datetime | None:
        return person.leaves_at

    @admin.display(description=_("address verified"), boolean=True)
    def verified(self, person: User) -> bool:
        return bool(person.address_verified)  # type: ignore[attr-defined]  # of the list's query

    @admin.display(description=_("label"))
    def label(self, person: User) -> Positioning | str:
        return person.label or "-"

    @admin.display(description=_("past handles"))
    def past_handles(self, person: User) -> str:
        past = person.past_handles.order_by("-until").values_list("handle", "until")
        return (
            ", ".join(f"@{handle} ({date_format(until, 'SHORT_DATE_FORMAT')})" for handle, until in past)
            or "-"
        )

    @admin.display(description=_("made"))
    def made(self, person: User) -> str:
        lists = [("notes_note", _("Notes")), ("notes_comment", _("Comments"))]
        links = [
            format_html(
                '<a href="{}">{}</a>',
                reverse(f"admin:{name}_changelist", query={"author__id__exact": person.pk}),
                words,
            )
            for name, words in lists
        ]
        return format_html("{} · {}", *links)


@admin.register(Group, site=site)
class LimitedSearchGroupAdmin(LimitedSearchAdmin, GroupAdmin):
    """Groups as Django has them."""
