"""WSGI entry point: `gunicorn wsgi:app` or `waitress-serve wsgi:app`."""

from lms import create_app

app = create_app(serve_assets=True)
