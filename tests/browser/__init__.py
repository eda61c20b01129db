"""Tests that drive a real browser against the real server: what a citizen, a clerk and a signer do, and what they see."""
