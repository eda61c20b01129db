"""示例数据: a believable model district to try the product with, written by us, seeded and deterministic.

`bodies`, `people`, `catalogue` and `year` hold plain records (see `records`) and import nothing of Django; the command
``gongkai sample`` loads them.
"""
