"""What the Celery application really goes by: a setting put under a wrong name would be silently without effect."""

import os
import subprocess
import sys
from pathlib import Path

from config.celery import app
from tools.check import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]


def test_a_killed_worker_gives_its_task_back():
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True


def test_no_task_outlives_the_visibility_timeout():
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < 3600


def test_results_are_not_kept_and_no_request_waits_for_the_broker():
    assert app.conf.task_ignore_result is True
    assert app.conf.task_publish_retry is False
    assert app.conf.worker_prefetch_multiplier == 1


def test_beat_names_tasks_that_exist():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def conf_with(**variables):
    code = "from config.celery import app; c = app.conf; print(c.broker_url, c.broker_transport_options.get('visibility_timeout'))"
    environment = {**os.environ, **dict.fromkeys(PRODUCTION, ""), "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return result.stdout.split()


def test_the_broker_is_embedded_without_redis():
    assert conf_with() == ["filesystem://localhost", "None"]


def test_the_broker_is_redis_where_it_is_named():
    assert conf_with(REDIS_URL="redis://redis.example:6379/0") == ["redis://redis.example:6379/0", "3600"]
