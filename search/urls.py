from django.urls import path

from search.views import recent, results, saved, suggestions

urlpatterns = [
    path("search/", results.search, name="search"),
    path("search/suggestions/", suggestions.suggest, name="search_suggestions"),
    path("search/saved/", saved.find, name="saved_search"),
    path("search/recent/delete/", recent.delete, name="recent_search_delete"),
    path("search/recent/clear/", recent.clear, name="recent_searches_clear"),
    path("search/recent/keep/", recent.keep, name="recent_searches_keep"),
]
