"""Background work: the tick (time-driven sweeps), the worker, and tasks."""
