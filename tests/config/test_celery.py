"""What the Celery application really goes by: a setting put under a wrong name would be silently without effect."""

import os
import subprocess
import sys
from pathlib import Path

from config.celery import app
from notifications import delivery
from tools.check import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]


def test_a_killed_worker_gives_its_task_back():
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True


def test_a_task_that_always_kills_its_worker_is_given_up():
    assert app.conf.task_retry_on_worker_lost is True
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert {(task.max_retries, task.default_retry_delay, task.retry_on_worker_lost) for task in ours} == {(5, 10, True)}


def test_a_worker_that_is_to_end_at_once_has_time_for_a_batch_of_letters():
    assert app.conf.worker_soft_shutdown_timeout > delivery.LONGEST_BATCH_SECONDS


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
    assert conf_with() == ["folder://localhost", "None"]


def test_the_broker_is_redis_where_it_is_named():
    assert conf_with(REDIS_URL="redis://redis.example:6379/0") == ["redis://redis.example:6379/0", "3600"]
