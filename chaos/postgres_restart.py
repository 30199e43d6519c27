"""PostgreSQL is restarted while people register and letters leave."""

import time
from pathlib import Path

from django.db import connection

from benchmarks.processes import gunicorn
from benchmarks.sink import running_sink
from benchmarks.workers import running_beats, running_worker
from chaos import post
from chaos.figures import Figures
from chaos.load import Load

TO_COME_BACK = 5.0  # seconds in which a request may still fail
SECONDS_AFTER = 10.0


def measure(postgres, redis, figures: Figures, folder: Path) -> None:
    post.clear(redis)
    connection.close()
    with running_sink(folder) as sink:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "CHAOS_SECONDS_A_MINUTE": "5", "CHAOS_IS_BREAKING": "1"}
        with gunicorn("config.wsgi", environment) as server, running_worker(environment), running_beats(environment, folder):
            with Load(server, "restart") as load:
                post.wait(lambda: sink.count() > 3, seconds=60, what="Letters leave")
                connection.close()
                postgres.stop()
                time.sleep(1)
                postgres.start()
                back = time.monotonic()
                time.sleep(TO_COME_BACK + SECONDS_AFTER)
            post.wait(post.none_unsent, seconds=300, what="All letters have left")
        ids = load.ids()
        figures.add("postgres_restart_errors", load.errors(since=back + TO_COME_BACK))
        figures.add("postgres_restart_letters_lost", post.lost(ids, sink))
        figures.add("postgres_restart_half_done", load.half_done())
