"""Pictures, clips and films: everything that touches PyAV, Pillow and numpy."""
