"""One file per command: plain functions with explicit arguments."""
