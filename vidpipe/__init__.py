"""vidpipe makes films from YAML job files, the way make makes programs."""

__version__ = "0.1.0"
