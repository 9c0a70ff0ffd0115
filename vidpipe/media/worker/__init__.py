"""Decoding and encoding in processes of their own, so that a crashing decoder costs one target and not the run.

`pool.Workers` is the parent's side, `child` the worker's, `wire` what goes between them, `tasks` what a worker can do.
"""
