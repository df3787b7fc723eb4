"""The moderators' site: who may enter, and which rows they see."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_permission_codename
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from core.audit import Action, log
from core.http import form_address, retyped
from moderation.cases.access import is_only_moderator
from profiles.models import User

CHOSEN_MAX = 100


def moderator(request: HttpRequest) -> User:
    """Return who asks: the admin answers nobody else than moderators."""
    assert isinstance(request.user, User)
    return request.user


class ModeratorSite(admin.AdminSite):
    site_header = site_title = _("Red Book for moderators")
    index_title = _("All lists")
    enable_nav_sidebar = False  # lists need the width

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.pages: list[tuple[str, str, Callable[..., Any]]] = []

    def page[View: Callable[..., Any]](self, route: str, name: str) -> Callable[[View], View]:
        """Return a decorator that adds a page of no model: the view is for moderators alone."""

        def add(view: View) -> View:
            self.pages.append((route, name, view))
            return view

        return add

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Redirect signed-out visitors to sign in; answer 404 to people who are no moderators."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            response = guarded(request, *args, **kwargs)
            shown = (getattr(response, "context_data", None) or {}).get("adminform")
            if shown is not None and request.method == "POST":
                response.status_code = getattr(shown.form, "refusal", 422)
            elif shown is not None:
                shown.form.initial |= retyped(request, shown.form)
            if shown is not None:
                response.context_data["form_url"] = form_address(request)
            return response

        return update_wrapper(inner, guarded)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the site's own sign-in page, the only one with a limit on attempts."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(get_next_redirect_url(request) or reverse("admin:index"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page needs. What only lists of models show is computed where a template asks for it."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": "/",
            "has_permission": self.has_permission(request),
            "available_apps": SimpleLazyObject(lambda: self.get_app_list(request)),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": SimpleLazyObject(lambda: self.get_log_entries(request)),
        }

    def get_urls(self) -> list[Any]:
        """Add the pages of no model: Django's first page becomes that of all lists. Leave out the shortcut to any row
        of any model, and the second page to change a password.
        """
        closed = {"index", "view_on_site", "password_change", "password_change_done"}
        djangos = [url for url in super().get_urls() if getattr(url, "name", None) not in closed]
        lists = path("lists/", self.admin_view(self.index), name="lists")
        own = [path(route, self.admin_view(view), name=name) for route, name, view in self.pages]
        return [lists, *own, *djangos]


site = ModeratorSite(name="admin")


class Audited(admin.ModelAdmin):
    """Rows of which what Django's own pages add, change or delete stands in the audit log too."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Refuse filters that Django finds impossible only when it writes their SQL, as a year after 9999."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *where: Any, **named: Any
    ) -> HttpResponse | None:
        """Refuse rows named by what is no key, with 400."""
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(chosen)
        except ValidationError as error:
            raise BadRequest(error) from error
        return super().response_action(request, queryset, *where, **named)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        log(actor=request.user, action=Action.ADDED, row=obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Name the fields that were changed, never what they say."""
        named = [field for part in message for field in part.get("changed", {}).get("fields", [])]
        log(actor=request.user, action=Action.CHANGED, row=obj, words=", ".join(named)[:300])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            log(actor=request.user, action=Action.DELETED, row=row)
        return super().log_deletions(request, queryset)


class Moderated(Audited):
    """Rows that moderators read and change only by decisions; the "change" permission allows deciding."""

    list_per_page = 50
    list_max_show_all = CHOSEN_MAX
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")

    def concerns(self, person: User) -> Q:
        """Return the rows that are this person's own matter, which they may neither read nor decide as a moderator."""
        return Q()

    def others_matters[Rows: QuerySet[Any]](self, request: HttpRequest, rows: Rows) -> Rows:
        """Leave out rows about the moderator who asks, unless they are the only moderator."""
        own = self.concerns(moderator(request))
        return rows.exclude(own) if own and not _is_only_moderator(request) else rows

    def name_of(self, row: Any) -> str:
        """Return how a list names a row that has not been opened yet."""
        return str(row)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model:
        """Answer 404 for rows the moderator may not see: change, history and delete pages alike."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def view_on_site(self, row: Any) -> str:
        return str(row.get_absolute_url())


def _is_only_moderator(request: HttpRequest) -> bool:
    """Return whether the person is a superuser and no other moderator could decide. Queried once per request."""
    asked: Any = request
    if not hasattr(asked, "is_only_moderator"):
        asked.is_only_moderator = is_only_moderator(moderator(request))
    return bool(asked.is_only_moderator)
