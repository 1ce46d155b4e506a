"""Quizzes on paper: question papers by code, answer sheets, and the key for markers; A4, in Vietnamese.

Drawing is pure: what is printed is a `Paper`, made by `papers.paper_for`.
"""

from lms.quizzes.printing.keys import draw_keys
from lms.quizzes.printing.paper import Asked, Paper, Part
from lms.quizzes.printing.questions import draw_papers
from lms.quizzes.printing.sheets import draw_sheets

__all__ = ["Asked", "Paper", "Part", "draw_keys", "draw_papers", "draw_sheets"]
