"""The fast path of a no-op: `.vidpipe/index.json` answers for a whole finished job (docs/on-disk.md).

`fresh` and `fresh_job` ask it. Importing this imports nothing heavy; what writes the index is in `vidpipe.index.write`.
"""

from vidpipe.index.answer import fresh
from vidpipe.index.named import fresh_job

__all__ = ["fresh", "fresh_job"]
