from django.urls import path

from notes.collections import choose_views, follow_views, order_views
from notes.collections import views as collections_views
from notes.comments import views as comments_views
from notes.compose import upload_views
from notes.compose import views as compose_views
from notes.crop import views as crop_views
from notes.drafts import views as drafts_views
from notes.feeds import views as feeds_views
from notes.history import views as history_views
from notes.less import views as less_views
from notes.mentions import views as mentions_views
from notes.note_page import comment_views
from notes.note_page import views as note_page_views
from notes.photos import views as photos_views
from notes.pins import views as pins_views
from notes.reactions import views as reactions_views
from notes.reading_history import views as reading_history_views
from notes.series import add_views as series_add_views
from notes.series import views as series_views

urlpatterns = [
    path("", feeds_views.explore, name="explore"),
    path("following/", feeds_views.following, name="following"),
    path("tags/<str:slug>/", feeds_views.tag, name="tag"),
    path("notes/new/", compose_views.new, name="note_new"),
    path("notes/drafts/", drafts_views.drafts, name="drafts"),
    path("notes/<id:pk>/", note_page_views.note, name="note"),
    path("notes/<id:pk>/why/", note_page_views.why, name="note_why"),
    path("notes/<id:pk>/picture-<slug:name>.jpg", photos_views.lettered, name="note_picture"),
    path("notes/<id:pk>/edit/", compose_views.edit, name="note_edit"),
    path("notes/<id:pk>/history/", history_views.history, name="note_history"),
    path("notes/<id:pk>/history/<id:version>/delete/", history_views.delete, name="note_version_delete"),
    path("notes/<id:pk>/edit/delete/", compose_views.discard, name="note_edit_delete"),
    path("notes/<id:pk>/schedule/delete/", drafts_views.unschedule, name="note_unschedule"),
    path("notes/<id:pk>/delete/", note_page_views.delete, name="note_delete"),
    path("notes/<id:pk>/like/", reactions_views.like, name="note_like"),
    path("notes/<id:pk>/like/delete/", reactions_views.unlike, name="note_unlike"),
    path("notes/<id:pk>/collect/", reactions_views.collect, name="note_collect"),
    path("notes/<id:pk>/collect/delete/", reactions_views.uncollect, name="note_uncollect"),
    path("notes/<id:pk>/pin/", pins_views.pin, name="note_pin"),
    path("notes/<id:pk>/pin/delete/", pins_views.unpin, name="note_unpin"),
    path("notes/<id:pk>/series/", series_views.choose, name="note_series"),
    path("series/new/", series_add_views.new, name="series_new"),
    path("series/<id:pk>/notes/", series_add_views.add, name="series_add"),
    path("series/<id:pk>/edit/", series_views.edit, name="series_edit"),
    path("series/<id:pk>/order/", series_views.order, name="series_order"),
    path("series/<id:pk>/delete/", series_views.delete, name="series_delete"),
    path("series/<id:pk>/notes/<id:note>/delete/", series_views.remove, name="series_remove"),
    path("notes/<id:pk>/collections/", choose_views.choose, name="note_collections"),
    path("collections/", collections_views.mine, name="my_collections"),
    path("collections/new/", collections_views.new, name="collection_new"),
    path("collections/<id:pk>/edit/", collections_views.edit, name="collection_edit"),
    path("collections/<id:pk>/order/", order_views.order, name="collection_order"),
    path("collections/<id:pk>/merge/", collections_views.merge, name="collection_merge"),
    path("collections/<id:pk>/delete/", collections_views.delete, name="collection_delete"),
    path("collections/<id:pk>/follow/", follow_views.follow, name="collection_follow"),
    path("collections/<id:pk>/follow/delete/", follow_views.unfollow, name="collection_unfollow"),
    path("collections/<id:pk>/notes/<id:note>/delete/", choose_views.remove, name="collection_remove"),
    path("notes/<id:pk>/less/", less_views.less, name="note_less"),
    path("notes/<id:pk>/less/delete/", less_views.undo, name="note_less_undo"),
    path("settings/less/", less_views.asked, name="settings_less"),
    path("settings/less/delete/", less_views.undo_all, name="less_clear"),
    path("notes/<id:pk>/comments/", comment_views.add, name="comments"),
    path("history/", reading_history_views.history, name="history"),
    path("history/keeping/", reading_history_views.turn_on, name="history_on"),
    path("history/keeping/delete/", reading_history_views.turn_off, name="history_off"),
    path("history/delete/", reading_history_views.clear, name="history_clear"),
    path("history/<id:pk>/", reading_history_views.restore, name="history_restore"),
    path("history/<id:pk>/delete/", reading_history_views.remove, name="history_remove"),
    path("mentions/", mentions_views.suggest, name="mentions"),
    path("comments/<id:pk>/like/", comments_views.like, name="comment_like"),
    path("comments/<id:pk>/like/delete/", comments_views.unlike, name="comment_unlike"),
    path("comments/<id:pk>/pin/", comments_views.pin, name="comment_pin"),
    path("comments/<id:pk>/pin/delete/", comments_views.unpin, name="comment_unpin"),
    path("comments/<id:pk>/edit/", comments_views.edit, name="comment_edit"),
    path("comments/<id:pk>/delete/", comment_views.delete, name="comment_delete"),
    path("photos/<id:pk>/edit/", crop_views.edit, name="photo_edit"),
    path("photos/<id:pk>/picture/", upload_views.picture, name="photo_picture"),
    path("photos/<id:pk>/whole.jpg", crop_views.whole, name="photo_whole"),
    path("uploads/", upload_views.receive, name="uploads"),
    path("uploads/<uuid:key>/delete/", upload_views.delete, name="upload_delete"),
    path("media/<token>-<role>.<extension>", photos_views.photo, name="media"),
]
