"""The moderators' site: who may enter, and how decisions are asked for, made and logged."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename, get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.audit import record
from core.forms import LineField
from core.http import form_address, retyped, see_other
from profiles.models import User

EVERYWHERE = [admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM]
CHOSEN_MAX = 100
REASON_MAX = 300
RESTORED = _("Restored")
DECIDED_ALREADY = _("Another moderator or another window has decided this already. Nothing was changed.")
WHICH_RULE = _("Say which rule, and what to change: the person concerned reads it.")


def moderator(request: HttpRequest) -> User:
    """Return who asks: the admin answers nobody else than moderators."""
    assert isinstance(request.user, User)
    return request.user


class ModeratorSite(admin.AdminSite):
    site_header = site_title = _("Red Book for moderators")
    index_title = _("To do")
    enable_nav_sidebar = False  # lists need the width

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

    def get_urls(self) -> list[Any]:
        """Leave out the shortcut to any row of any model, and the second page to change a password."""
        closed = {"view_on_site", "password_change", "password_change_done"}
        return [url for url in super().get_urls() if getattr(url, "name", None) not in closed]


site = ModeratorSite(name="admin")


class Moderated(admin.ModelAdmin):
    """Rows that moderators read and change only by decisions; the "change" permission allows deciding."""

    list_per_page = 50
    list_max_show_all = CHOSEN_MAX
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
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


@dataclass(frozen=True)
class Decision:
    verb: str
    title: Promise
    done: Promise
    since: str  # the field that says when it was done, null where it was not
    undone: Promise = RESTORED
    asks: Promise = WHICH_RULE


HIDE = Decision("hide", _("Hide"), _("Hidden"), "hidden_at")


class ReasonForm(forms.Form):
    reason = LineField(
        limit=REASON_MAX,
        max_length=REASON_MAX,
        label=_("Reason"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class HiddenFilter(admin.SimpleListFilter):
    title = _("hidden")
    parameter_name = "hidden"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Not hidden")), ("yes", _("Hidden"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(hidden_at__isnull=self.value() == "no")


def reason_url(admin_: admin.ModelAdmin, what: Decision, page: Callable[..., HttpResponse]) -> URLPattern:
    """Return the address of the page that asks for a reason, for one or more rows:
    /admin/<app>/<model>/<id>,<id>/<verb>/.
    """
    ids = rf"(?P<ids>[0-9]{{1,18}}(?:,[0-9]{{1,18}}){{0,{CHOSEN_MAX - 1}}})"
    name = f"{admin_.opts.app_label}_{admin_.opts.model_name}_{what.verb}"
    view = admin_.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(page))
    return re_path(rf"^{ids}/{what.verb}/$", view, name=name)


def ask_reason(
    admin_: admin.ModelAdmin, request: HttpRequest, rows: QuerySet[Any], what: Decision
) -> HttpResponse | None:
    """Redirect from the rows chosen in a list to the page that asks for a reason."""
    todo = rows.filter(**{f"{what.since}__isnull": True}).order_by("pk")
    chosen = list(todo.values_list("pk", flat=True)[: CHOSEN_MAX + 1])
    if not chosen:
        messages.warning(request, _("There is nothing to do here."))
    elif len(chosen) > CHOSEN_MAX:
        messages.warning(request, _("Choose at most %(most)d at a time.") % {"most": CHOSEN_MAX})
    else:
        return see_other(_address(admin_, what.verb, ",".join(map(str, chosen))))
    return None


@transaction.atomic
def decide(
    admin_: Any,
    request: HttpRequest,
    ids: str,
    *,
    rows: QuerySet[Any],
    what: Decision,
    act: Callable[[Any, str], bool],
) -> HttpResponse:
    """Ask for one reason on GET; on POST apply `act(row, reason)` to the rows it was not applied to yet, and log it.

    `rows` are the rows to choose from. `act` returns whether it changed anything: if two moderators decide at once,
    one of them does.
    """
    if not admin_.has_decide_permission(request):
        raise PermissionDenied
    wanted = set(map(int, ids.split(",")))
    chosen = rows.filter(pk__in=wanted).order_by("pk")
    if chosen.count() != len(wanted):
        raise Http404
    form = ReasonForm(
        request.POST if request.method == "POST" else None, initial=retyped(request, ReasonForm)
    )
    if not form.is_valid():
        return _reason_page(admin_, request, chosen, what, form, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    done = [row for row in chosen.filter(**{f"{what.since}__isnull": True}) if act(row, reason)]
    if not done and not _was_decided(chosen.all(), what, by=moderator(request), reason=reason):
        form.add_error("reason", DECIDED_ALREADY)
        return _reason_page(admin_, request, chosen, what, form, status=409)
    _record(request, done, str(what.done), reason)
    return see_other(_address(admin_, "change", ids) if len(wanted) == 1 else _address(admin_, "changelist"))


def _reason_page(
    admin_: Any, request: HttpRequest, chosen: QuerySet[Any], what: Decision, form: ReasonForm, *, status: int
) -> HttpResponse:
    form.fields["reason"].help_text = str(what.asks)
    named = [(row.pk, admin_.name_of(row)) for row in chosen]
    context = {"what": what, "form": form, "rows": named, "opts": admin_.opts, "title": what.title}
    page = admin_.admin_site.each_context(request) | context
    return render(request, "admin/reason.html", page, status=status)


def _was_decided(rows: QuerySet[Any], what: Decision, *, by: User, reason: str) -> bool:
    """Return whether this moderator made this decision on every row, for this reason."""
    name = what.since.removesuffix("_at")
    said = [(getattr(row, f"{name}_by_id"), getattr(row, f"{name}_reason")) for row in rows]
    return all(each == (by.pk, reason) for each in said)


@transaction.atomic
def restore(request: HttpRequest, rows: QuerySet[Any], *, what: Decision, act: Callable[[Any], bool]) -> None:
    """Apply `act(row)` to the rows that the decision `what` holds for, and log it."""
    done = [row for row in rows.filter(**{f"{what.since}__isnull": False}).order_by("pk") if act(row)]
    _record(request, done, str(what.undone))


def _is_only_moderator(request: HttpRequest) -> bool:
    """Return whether the person is a superuser and no other moderator could decide. Queried once per request."""
    asked: Any = request
    if not hasattr(asked, "is_only_moderator"):
        others = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
        alone = request.user.is_superuser and not others.exclude(pk=request.user.pk).exists()
        asked.is_only_moderator = alone
    return bool(asked.is_only_moderator)


def _address(admin_: admin.ModelAdmin, page: str, *args: str) -> str:
    return reverse(f"admin:{admin_.opts.app_label}_{admin_.opts.model_name}_{page}", args=args)


def _record(request: HttpRequest, rows: list[Any], done: str, reason: str = "") -> None:
    """Add an entry to the history of each row."""
    if not rows:
        messages.warning(request, _("There is nothing to do here."))
        return
    record(request.user, rows, f"{done}: {reason}" if reason else done)
    messages.success(request, f"{done}: {len(rows)}")
