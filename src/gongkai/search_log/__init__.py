"""What is searched for, counted without identity: 热门搜索, and the office's report of what was sought and not found.

The way of a count: the view notes what was asked on its answer (`gongkai.web.shared.search_counting`), the middleware that
stands before the page cache hands it to `spool.Spool`, which appends one line to a file; the tick folds the files into the
tables (`folding`), computes the popular searches (`popular`) and forgets what is no longer needed (`folding.close_days`).
"""
