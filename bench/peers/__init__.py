"""The things we are measured against."""
