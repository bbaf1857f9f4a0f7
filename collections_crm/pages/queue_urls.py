"""Addresses of the queue."""

from django.urls import path

from collections_crm.pages.assign import assign
from collections_crm.pages.day_list import day_list
from collections_crm.pages.home import home
from collections_crm.pages.queue import export, filters, news, next_account, queue
from collections_crm.pages.saved_views import drop_this_view, save_this_view, saved_view
from collections_crm.pages.search import search

urlpatterns = [
    path("", home, name="home"),
    path("queue/", queue, name="queue"),
    path("queue/filters/", filters, name="queue-filters"),
    path("queue/news/", news, name="queue-news"),
    path("queue/day/<str:name>/", day_list, name="queue-day"),
    path("queue/export/", export, name="queue-export"),
    path("search/", search, name="search"),
    path("next/", next_account, name="next"),
    path("queue/assign/", assign, name="queue-assign"),
    path("queue/views/", save_this_view, name="queue-view-save"),
    path("queue/views/<uuid:view_id>/", saved_view, name="queue-view"),
    path("queue/views/<uuid:view_id>/drop/", drop_this_view, name="queue-view-drop"),
]
