"""Redis is stopped for a minute, comes back empty, is flushed and restarted, while people register and letters leave."""

import time
from pathlib import Path

from django.db import connection

from benchmarks.processes import gunicorn
from benchmarks.sink import running_sink
from benchmarks.workers import running_beats, running_worker
from chaos import post
from chaos.figures import Figures
from chaos.load import Load

SECONDS_AWAY = 60


def measure(redis, figures: Figures, folder: Path) -> None:
    post.clear(redis)
    connection.close()
    with running_sink(folder) as sink:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "CHAOS_IS_BREAKING": "1"}
        with gunicorn("config.wsgi", environment) as server, running_worker(environment), running_beats(environment, folder):
            with Load(server, "outage") as load:
                post.wait(lambda: sink.count() > 3, seconds=60, what="Letters leave")
                redis.stop()
                time.sleep(SECONDS_AWAY)
                redis.start()
                time.sleep(2)
                redis.flush()
                time.sleep(1)
                redis.stop()
                redis.start()
                back = time.monotonic()
                time.sleep(2)
            post.wait(post.none_unsent, seconds=300, what="All letters have left")
            recovery = time.monotonic() - back
        ids = load.ids()
        figures.add("redis_outage_errors", load.errors())
        figures.add("redis_outage_letters_lost", post.lost(ids, sink) + load.without_letter())
        figures.add("redis_outage_letters_doubled", post.doubled(ids, sink)[0])
        figures.add("redis_outage_recovery_seconds", recovery)
