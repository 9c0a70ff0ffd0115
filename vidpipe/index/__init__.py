"""The fast path of a no-op: `.vidpipe/index.json` answers for a whole finished job (docs/on-disk.md).

`fresh` asks it. Importing this imports nothing heavy; what writes the index is in `vidpipe.index.write`.
"""

from vidpipe.index.answer import fresh

__all__ = ["fresh"]
