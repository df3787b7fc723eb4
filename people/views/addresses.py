"""E-mail addresses: the page to correct and change them, and the pages of mailed links."""

from typing import Any

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.http import back, see_other, signed_in, site_of
from core.limits import spend
from people.account_forms import AddEmailForm
from people.actions import addresses
from people.actions.addresses import Outdated, Taken
from people.signin_limits import confirmed, refusing_too_many
from people.tokens import ResetTokens, previous_address
from profiles.addresses import shown_address

form_view = require_http_methods(["GET", "HEAD", "POST"])


class EmailView(views.EmailView):
    def form_valid(self, form: AddEmailForm) -> HttpResponse:
        """Change the address. A correction needs no password: an unconfirmed account holds nothing to protect."""
        if self.request.user.is_verified:
            raise_if_reauthentication_required(self.request, app="allauth.account")
        try:
            form.save(self.request)
        except Outdated:
            messages.info(self.request, _("Your address is confirmed already."))
        else:
            email = shown_address(form.cleaned_data["email"])
            messages.success(self.request, _("We sent a link to %(email)s") % {"email": email})
        return see_other(self.get_success_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with refusing_too_many():
                spend("email", request.user, 0 if "action_remove" in request.POST else 1)  # type: ignore[arg-type]  # behind sign-in
        except ValidationError as error:
            form = self.get_form()
            form.add_error(None, error)
            return self.form_invalid(form)
        waiting = EmailAddress.objects.get_new(request.user)
        if waiting and "action_send" in request.POST:
            send_verification_email_to_address(request, waiting)
            return back(request, self.success_url)
        if "action_remove" in request.POST:
            addresses.withdraw_change(person=request.user)  # type: ignore[arg-type]  # behind sign-in
            return see_other(self.success_url)
        if "action_add" in request.POST:
            return super().post(request, *args, **kwargs)
        return see_other(self.success_url)


email = EmailView.as_view()


@never_cache
@form_view
def confirm(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ask, then confirm an address. A changed address needs its person signed in, so that the link alone cannot take
    over an account.
    """
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None or confirmation.email_address.user.going_at:
        return render(request, "account/email_confirm.html")
    address = confirmation.email_address
    if not address.primary and not request.user.is_authenticated:
        return signed_in(lambda request: HttpResponse())(request)
    if not address.primary and request.user != address.user:
        return render(request, "account/email_confirm_other.html", {"address": address}, status=403)
    page: dict[str, Any] = {"address": address, "key": key}
    if request.method == "POST":
        try:
            addresses.confirm_address(
                address=address, site=site_of(request), language=get_language() or settings.LANGUAGE_CODE
            )
        except Outdated:
            page = {}
        except Taken:
            page["is_taken"] = True
        else:
            if address.primary:
                confirmed(request)
            messages.success(request, _("Address confirmed"))
            return redirect("explore" if request.user.is_authenticated else "account_login")
    return render(request, "account/email_confirm.html", page)


@never_cache
@form_view
def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then restore a replaced address and ask for a new password. It needs the mailbox, but no session."""
    previous = previous_address(key)
    page: dict[str, Any] = {"previous": previous, "key": key}
    if previous and request.method == "POST":
        try:
            person = addresses.restore_address(previous=previous)
        except Outdated:
            page["previous"] = None
        except Taken:
            page["is_taken"] = True
        else:
            get_adapter().logout(request)
            token = ResetTokens().make_token(person)
            return redirect("account_reset_password_from_key", uidb36=user_pk_to_url_str(person), key=token)
    return render(request, "account/email_restore.html", page)
