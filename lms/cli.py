"""The `lms` command: the features' commands, and those that set up and serve a deployment."""

import click

from lms import create_app, doctor, serving
from lms.accounts import cli as accounts_cli
from lms.attendance import cli as attendance_cli
from lms.certificates import cli as certificates_cli
from lms.core import bounces, maintenance
from lms.courses import cli as courses_cli
from lms.demo import cli as demo_cli
from lms.people import cli as people_cli
from lms.quizzes import cli as quizzes_cli
from lms.registration import cli as registration_cli
from lms.units import cli as units_cli

FEATURE_COMMANDS = (
    maintenance,
    bounces,
    units_cli,
    people_cli,
    accounts_cli,
    courses_cli,
    quizzes_cli,
    registration_cli,
    attendance_cli,
    certificates_cli,
    demo_cli,
    doctor,
    serving,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "obj": create_app})
@click.version_option(package_name="lms")
def main() -> None:
    """Training-course management and e-learning for external-information officers."""


for feature in FEATURE_COMMANDS:
    feature.register(main)

if __name__ == "__main__":
    main()
