"""The public site: no session, no cookie, every page rendered on the server."""
