"""Commands: each takes `--json`; exit 0 done, 1 refused, nothing written, 2 wrong usage; a write is one transaction."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import click
from flask import Flask

from lms.core.db import transaction
from lms.core.errors import N_, NotFound, RuleBroken, RulesBroken

CommandBody: TypeAlias = Callable[..., "Answer"]
_PIECES = 10_000


@dataclass(frozen=True)
class Answer:
    """What a command says: `data` as the JSON document, `text` for a person; `refused` exits 1 all the same.

    `lines`: JSON documents written one a line (NDJSON), with `--json` or without.
    """

    data: Any
    text: str = ""
    refused: bool = False
    lines: Sequence[Any] | None = None


def command(
    group: click.Group, name: str, *, writes: bool = False, app: Callable[[], Flask] | None = None
) -> Callable[[CommandBody], click.Command]:
    """Turn a function that gives an Answer into a subcommand of `group`.

    The application is built when the command runs, inside it the function has an application context; with
    `writes` also a transaction, committed only when the answer is not a refusal.
    """

    def decorate(body: CommandBody) -> click.Command:
        @group.command(name, help=body.__doc__)
        @click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
        @click.pass_context
        def run(context: click.Context, /, as_json: bool, **arguments: Any) -> None:
            build: Callable[[], Flask] = app or context.find_root().obj
            with build().app_context():
                try:
                    with transaction() if writes else nullcontext():
                        answer = body(**arguments)
                        if answer.refused and writes:
                            raise _Refused(answer)
                except _Refused as refused:
                    answer = refused.answer
                except RulesBroken as broken:
                    answer = refusal_answer(broken.refusals)
                except RuleBroken as broken:
                    answer = refusal_answer([broken])
                except NotFound:
                    answer = refusal_answer([RuleBroken(N_("Không tìm thấy."), code="not-found")])
            _print(answer, as_json)

        # `command` decorates outermost, so options added by the body's own decorators must be carried over.
        run.params = [*getattr(body, "__click_params__", [])[::-1], *run.params]
        return run

    return decorate


def refusal_answer(refusals: list[RuleBroken]) -> Answer:
    """The contract's refusal: `{"errors": [{"code", "message", "where"}]}`."""
    errors = [{"code": one.code, "message": str(one), "where": one.where or one.field} for one in refusals]
    lines = [f"{error['where']}: {error['message']}" if error["where"] else str(error["message"]) for error in errors]
    return Answer({"errors": errors}, "\n".join(lines), refused=True)


class _Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _print(answer: Answer, as_json: bool) -> None:
    if answer.lines is not None:
        for line in answer.lines:
            click.echo(json.dumps(line, ensure_ascii=False, default=str))
    elif as_json:
        _print_in_parts(answer.data)
    elif answer.text:
        click.echo(answer.text, err=answer.refused)
    if answer.refused:
        sys.exit(1)


def _print_in_parts(document: Any) -> None:
    """The text of a summary of 75,000 people, held whole and in its pieces, would take half a gigabyte."""
    pieces = json.JSONEncoder(ensure_ascii=False, indent=1, default=str).iterencode(document)
    while part := "".join(islice(pieces, _PIECES)):
        click.echo(part, nl=False)
    click.echo()
