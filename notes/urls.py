from django.urls import path

from notes.views import comments, compose, crop, feeds, media, note, reactions, uploads

urlpatterns = [
    path("", feeds.explore, name="explore"),
    path("following/", feeds.following, name="following"),
    path("tags/<str:slug>/", feeds.tag, name="tag"),
    path("notes/new/", compose.new, name="note_new"),
    path("notes/<id:pk>/", note.note, name="note"),
    path("notes/<id:pk>/why/", note.why, name="note_why"),
    path("notes/<id:pk>/picture-<slug:name>.jpg", media.lettered, name="note_picture"),
    path("notes/<id:pk>/edit/", compose.edit, name="note_edit"),
    path("notes/<id:pk>/delete/", note.delete, name="note_delete"),
    path("notes/<id:pk>/like/", reactions.like, name="note_like"),
    path("notes/<id:pk>/like/delete/", reactions.unlike, name="note_unlike"),
    path("notes/<id:pk>/collect/", reactions.collect, name="note_collect"),
    path("notes/<id:pk>/collect/delete/", reactions.uncollect, name="note_uncollect"),
    path("notes/<id:pk>/comments/", comments.add, name="comments"),
    path("comments/<id:pk>/delete/", comments.delete, name="comment_delete"),
    path("photos/<id:pk>/edit/", crop.edit, name="photo_edit"),
    path("photos/<id:pk>/picture/", uploads.picture, name="photo_picture"),
    path("photos/<id:pk>/whole.jpg", crop.whole, name="photo_whole"),
    path("uploads/", uploads.receive, name="uploads"),
    path("uploads/<uuid:key>/delete/", uploads.delete, name="upload_delete"),
    path("media/<token>-<role>.<extension>", media.photo, name="media"),
]
