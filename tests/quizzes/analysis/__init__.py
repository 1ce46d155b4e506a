"""Figures of papers, held against published ones."""
