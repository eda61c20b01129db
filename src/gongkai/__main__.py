"""`python -m gongkai` is the `gongkai` command."""

from gongkai.config.command import main

main()
