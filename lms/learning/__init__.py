"""Taking courses: enrolment, progress, completion."""

from flask import Flask

from lms.learning import personal, queries, service, views
from lms.quizzes.policy import admission_sources
from lms.quizzes.signals import handed_in, marked


def init_app(app: Flask) -> None:
    """Register the pages; admit learners to their courses' quizzes; listen for quizzes handed in and marked."""
    app.register_blueprint(views.blueprint)
    if queries.is_admitted not in admission_sources:
        admission_sources.append(queries.is_admitted)
    handed_in.connect(service.take_quiz_result)
    marked.connect(service.take_quiz_result)
    personal.register()
