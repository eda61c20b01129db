"""Benchmarks: everything measured beside a peer in the same run, against the budgets of the design. `python -m bench --help`."""
