"""Settings, URLs, the WSGI entry point and the `gongkai` command: the only place that knows where the product runs."""
