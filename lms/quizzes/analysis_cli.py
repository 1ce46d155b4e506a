"""`lms quizzes analyse`: the figures of the analysis page for a matrix of answers from elsewhere."""

from pathlib import Path

import click

from lms.core.cli import Answer
from lms.quizzes.analysis.report import Report
from lms.quizzes.analysis.report import analyse as analysed
from lms.quizzes.analysis.tables import read_table


@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def analyse(file: Path) -> Answer:
    """Measure a paper from a CSV file: person,item…, cells 0, 1 or a share between, blank where not reached."""
    report = analysed(read_table(file.read_bytes()))
    return Answer(report.stored(), _summary(report))


def _summary(report: Report) -> str:
    lines = [f"{report.persons} người, {report.items} câu"]
    paper = report.classical.figures.paper if report.classical.figures else None
    if paper is not None:
        name = "KR-20" if paper.dichotomous else "alpha"
        lines.append(f"Điểm trung bình {paper.mean:.3f} trên {paper.max_score:g}, độ lệch chuẩn {paper.sd:.3f}")
        lines.append(f"{name} {_number(paper.reliability)}, sai số chuẩn của phép đo {_number(paper.sem)}")
    if report.classical.figures:
        lines.append("câu\tn\tđộ dễ\tđộ phân biệt\tđộ khó Rasch\tsai số")
        rasch = report.rasch.figures.items if report.rasch.figures else (None,) * report.items
        for item, measured in zip(report.classical.figures.items, rasch, strict=True):
            cells = [_number(item.facility), _number(item.discrimination)]
            cells += [_number(measured.difficulty), _number(measured.standard_error)] if measured else ["–", "–"]
            lines.append("\t".join([item.name, str(item.n), *cells]))
    parts = (report.classical, report.rasch, report.two_parameter)
    return "\n".join(lines + [str(part.refusal) for part in parts if part.refusal is not None])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
