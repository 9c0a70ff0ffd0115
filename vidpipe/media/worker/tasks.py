"""What a worker can do: the one list of tasks, each imported when it is first asked for.

A task is a function `(arguments: dict[str, Json]) -> Json`. Paths in its arguments are absolute: a worker's folder is
the root. What it writes must be a draft, since a worker may be killed at any time.
"""

from __future__ import annotations

TASKS: dict[str, str] = {
    "check_clip": "vidpipe.media.worker.looking:check_clip",
    "check_film": "vidpipe.media.worker.looking:check_film",
    "check_music": "vidpipe.media.worker.looking:check_music",
    "clip": "vidpipe.media.film_tasks:clip",
    "film": "vidpipe.media.film_tasks:film",
    "meet": "vidpipe.media.film_tasks:meet",
    "pieces": "vidpipe.media.film_tasks:pieces",
    "probe": "vidpipe.media.worker.looking:probe",
    "style": "vidpipe.media.film_tasks:style",
    "verify": "vidpipe.media.film_tasks:verified",
    "versions": "vidpipe.media.film_tasks:versions",
}
