"""A worker process, as `pool` starts it: `python -m vidpipe.media.worker PARENT MEMORY REGISTRY`."""

from vidpipe.media.worker.child import main

if __name__ == "__main__":
    main()
