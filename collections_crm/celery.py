"""The Celery application. The row is the truth, a task only a nudge: a lost one is found by the next sweep."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_crm.settings")

app = Celery("collections_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
