"""Addresses of the help centre."""

from django.urls import path

from panel.help import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/search/", views.search, name="help_search"),
    path("help/suggestions/", views.suggestions, name="help_suggestions"),
    path("help/topics/<slug:slug>/", views.topic, name="help_topic"),
    path("help/articles/<slug:slug>/", views.article, name="help_article"),
    path("help/articles/<slug:slug>/vote/", views.vote, name="help_vote"),
    path("help/images/<str:token>/", views.image, name="help_image"),
]
