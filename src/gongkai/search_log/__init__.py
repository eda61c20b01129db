"""What is searched for and read, counted without identity: 热门搜索, the report of what was sought and not found, 热度榜.

The way of a count: the view notes what was asked or read on its answer (`gongkai.web.shared.search_counting`), the middleware that
stands before the page cache hands it to `spool.Spool`, which appends one line to a file; the tick folds the files into the
tables (`folding` for searches, `readings` for items that were read, both over `spool`), computes the popular searches (`popular`) and forgets what is no longer needed (`folding.close_days`).
"""
