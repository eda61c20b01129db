"""Checks before publication on plain material: personal data, wording, dates, links. Pure: what is found is returned, nothing is changed."""

from gongkai.text.checks.material import Cell, Grid, Link, Material, Section

__all__ = ["Cell", "Grid", "Link", "Material", "Section"]
