"""依申请公开: submissions, cases and everything that happens to them, from the form to the archive (《条例》第四章)."""
