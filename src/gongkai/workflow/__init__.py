"""Running a transition: the generic step between the pure tables of `gongkai.rules` and the actions of a domain."""
