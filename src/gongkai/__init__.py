"""gongkai (公开): software for the 政务公开 work of a Chinese district or county government."""

__version__ = "0.1.0"
