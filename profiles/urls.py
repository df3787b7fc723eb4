from allauth.account import views as allauth
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from profiles.views import (
    addresses,
    blocks,
    indexing,
    label_editor,
    labels,
    languages,
    muting,
    people,
    requests,
    settings,
    suggestions,
)
from profiles.views.accounts import (
    ChangePasswordView,
    ResetPasswordFromKeyView,
    ResetPasswordView,
    SignupView,
    refusing,
    with_reason,
)

# The pages of django-allauth that we offer, under the names it knows them by.
accounts = [
    path("login/", with_reason(refusing(allauth.login)), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", with_reason(refusing(SignupView.as_view())), name="account_signup"),
    path("reauthenticate/", refusing(allauth.reauthenticate), name="account_reauthenticate"),
    path("email/", refusing(addresses.email), name="account_email"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", addresses.confirm, name="account_confirm_email"),
    path("email/restore/<str:key>/", addresses.restore, name="restore_address"),
    path("password/change/", refusing(ChangePasswordView.as_view()), name="account_change_password"),
    path("password/set/", refusing(allauth.password_set), name="account_set_password"),
    path("password/reset/", refusing(ResetPasswordView.as_view()), name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        refusing(ResetPasswordFromKeyView.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", list_usersessions, name="usersessions_list"),
]

urlpatterns = [
    path("robots.txt", indexing.robots, name="robots"),
    path("sitemap.xml", indexing.index, name="sitemap"),
    path("sitemaps/<slug:section>-<int:number>.xml", indexing.page, name="sitemap_page"),
    path("@<handle:handle>/", people.profile, name="profile"),
    path("@<handle:handle>/collections/", people.collections, name="collections"),
    path("@<handle:handle>/followers/", people.followers, name="followers"),
    path("@<handle:handle>/following/", people.following, name="following_of"),
    path("@<handle:handle>/follow/", people.follow, name="follow"),
    path("@<handle:handle>/follow/delete/", people.unfollow, name="unfollow"),
    path("@<handle:handle>/follower/delete/", people.remove_follower, name="follower_remove"),
    path("@<handle:handle>/request/approve/", requests.approve, name="approve"),
    path("@<handle:handle>/request/delete/", requests.decline, name="decline"),
    path("@<handle:handle>/block/", blocks.block, name="block"),
    path("@<handle:handle>/block/delete/", blocks.unblock, name="unblock"),
    path("@<handle:handle>/mute/", muting.mute, name="mute"),
    path("@<handle:handle>/mute/delete/", muting.unmute, name="unmute"),
    path("@<handle:handle>/suggestion/delete/", suggestions.dismiss, name="dismiss"),
    path("people/", suggestions.people, name="people"),
    path("avatars/<slug:token>-<slug:role>.<slug:extension>", people.avatar, name="avatar"),
    path("labels/<words:slug>/", labels.label, name="label"),
    path("campuses/<words:slug>/", labels.campus, name="campus"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/languages/", languages.choose, name="settings_languages"),
    path("settings/privacy/", settings.privacy, name="settings_privacy"),
    path("settings/requests/", requests.requests, name="follow_requests"),
    path("settings/privacy/blocked/", blocks.blocked, name="settings_blocked"),
    path("settings/privacy/muted/", muting.muted, name="settings_muted"),
    path("settings/privacy/muted/words/", muting.mute_word, name="word_mute"),
    path("settings/privacy/muted/words/delete/", muting.unmute_word, name="word_unmute"),
    path("settings/label/", label_editor.label, name="settings_label"),
    path("settings/label/delete/", label_editor.label_delete, name="settings_label_delete"),
    path("accounts/", include(accounts)),
]
