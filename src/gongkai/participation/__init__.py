"""公众参与: what the public does on the site besides reading and asking for information. At present: following lists by e-mail (订阅)."""
