"""The machine side of the portal: read API v1, feeds and exports of every list, sitemap. Public data only, no session, no cookie.

It stands above `web` and asks the same selectors and list builders as the pages, so that programs see what people see.
"""
