"""Search engines behind the one interface of `gongkai.search.engine`."""
