from django.urls import path

from search.views import results

urlpatterns = [path("search/", results.search, name="search")]
