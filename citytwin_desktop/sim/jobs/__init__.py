"""Jobs, the queue that runs them on a pool of processes, progress and cancellation."""
