"""The texts of the sample district and the small grammar they are written in."""
