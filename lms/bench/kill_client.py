"""A browser reduced to its saves, as a process of its own that can be killed: standard library only, starts at once.

`python kill_client.py PORT ATTEMPT COOKIE LOG ANSWERS SEED`: saves random answers one after another, as
`quiz-keeper.js` does, and writes a line to LOG before each is sent and when it is acknowledged. An unacknowledged save
of an earlier life is sent again, with its id, before anything else. Ends when the server is gone.
"""

import json
import random
import re
import sys
import uuid
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TextIO

PATIENCE = 60


def main(port: int, attempt_id: int, cookie: str, log: Path, answers: dict[str, list[Any]], seed: str) -> None:
    """Save until the server is gone or this process is."""
    chance = random.Random(seed)
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        cookie, token, seqs = open_page(connection, attempt_id, cookie)
        headers = {"Cookie": f"lms_session={cookie}", "X-CSRFToken": token, "Content-Type": "application/json"}
        waiting = unacknowledged(log)
        with log.open("a", encoding="utf-8") as lines:
            while True:
                save = waiting.pop(0) if waiting else made_up(chance, answers, seqs)
                note(lines, "sent", save)
                body = json.dumps({name: save[name] for name in ("answer", "seq", "client_id", "seconds")})
                connection.request("PUT", f"/attempts/{attempt_id}/answers/{save['position']}", body, headers)
                response = connection.getresponse()
                told = json.loads(response.read())
                if response.status != 200:
                    raise SystemExit(f"{response.status}: {told}")
                seqs[save["position"]] = max(seqs[save["position"]], told["seq"])
                note(lines, "acknowledged", save | {"stored": told["stored"]})
    except (OSError, HTTPException):
        connection.close()


def open_page(connection: HTTPConnection, attempt_id: int, cookie: str) -> tuple[str, str, dict[str, int]]:
    """Load the attempt's page; the session's cookie, its token, and the counter of each question."""
    connection.request("GET", f"/attempts/{attempt_id}", headers={"Cookie": f"lms_session={cookie}"})
    response = connection.getresponse()
    page = response.read().decode()
    fresh = SimpleCookie(response.getheader("Set-Cookie", "")).get("lms_session")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    if response.status != 200 or token is None:
        raise SystemExit(f"the page of the attempt: {response.status}")
    counters = re.findall(r'data-position="(\d+)" data-kind="\w+" data-seq="(\d+)"', page)
    return fresh.value if fresh else cookie, token[1], {place: int(seq) for place, seq in counters}


def unacknowledged(log: Path) -> list[dict[str, Any]]:
    """Saves that were sent and never heard of again; a line cut short by a kill was not sent."""
    open_saves: dict[str, dict[str, Any]] = {}
    for what, save in read(log):
        if what == "sent":
            open_saves[save["client_id"]] = save
        else:
            open_saves.pop(save["client_id"], None)
    return list(open_saves.values())


def read(log: Path) -> list[tuple[str, dict[str, Any]]]:
    """The lines of a log: what happened to which save."""
    if not log.exists():
        return []
    found = []
    for line in log.read_text(encoding="utf-8").splitlines():
        what, _space, save = line.partition(" ")
        if save.endswith("}"):
            found.append((what, json.loads(save)))
    return found


def made_up(chance: random.Random, answers: dict[str, list[Any]], seqs: dict[str, int]) -> dict[str, Any]:
    """A save of a random question."""
    position = chance.choice(sorted(answers))
    seqs[position] += 1
    return {
        "position": position,
        "answer": chance.choice(answers[position]),
        "seq": seqs[position],
        "client_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "seconds": seqs[position],
    }


def note(lines: TextIO, what: str, save: dict[str, Any]) -> None:
    """Write a line and hand it to the system, which keeps it when this process is killed."""
    lines.write(f"{what} {json.dumps(save)}\n")
    lines.flush()


if __name__ == "__main__":
    words = sys.argv[1:]
    main(int(words[0]), int(words[1]), words[2], Path(words[3]), json.loads(words[4]), words[5])
