"""Tests of plans and events."""
