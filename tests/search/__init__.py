"""Tests of site search."""
