"""The engine: pull rules, records and the rerun rule. It knows nothing of video."""
