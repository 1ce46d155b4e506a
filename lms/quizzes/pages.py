"""The blueprint that every page of the feature hangs on."""

from flask import Blueprint

blueprint = Blueprint("quizzes", __name__)
