// Who came in and went out, as far as this device knows: a set of marks by half-day and ticket. Nothing here waits or asks.

export class Marks {
  #places = new Map(); // half-day → ticket → its marks
  #owners = new Map(); // uuid → the list of marks it is in
  #gone = new Set(); // uuids taken back: what the server tells of them from before is not believed

  constructor(rows = [], gone = []) {
    gone.forEach((uuid) => this.#gone.add(uuid));
    rows.forEach(([ticket, session, kind, at, uuid, device]) => this.add({ ticket, session, kind, at, uuid, device }));
  }

  // `at` in milliseconds. The same uuid again takes the place of the first: the server corrected its time.
  add({ ticket, session, kind, at, uuid, device }) {
    if (this.#gone.has(uuid)) {
      return;
    }
    this.#remove(uuid);
    const tickets = this.#places.get(session) ?? new Map();
    const marks = tickets.get(ticket) ?? [];
    marks.push({ kind, at, uuid, device, ticket, session });
    marks.sort((one, other) => one.at - other.at || (one.uuid < other.uuid ? -1 : 1));
    tickets.set(ticket, marks);
    this.#places.set(session, tickets);
    this.#owners.set(uuid, marks);
  }

  takeBack(uuid) {
    this.#gone.add(uuid);
    this.#remove(uuid);
  }

  // The marks of a ticket at a half-day, the earliest first.
  of(session, ticket) {
    return this.#places.get(session)?.get(ticket) ?? [];
  }

  // The tickets that some mark brought in.
  cameIn(session) {
    return this.#ticketsWhere(session, (marks) => marks.some((one) => one.kind === "in"));
  }

  // The tickets of those who came and did not go out after that: the exit of docs/attendance.md.
  inside(session) {
    const last = (marks, kind) => marks.findLast((one) => one.kind === kind)?.at ?? -Infinity;
    return this.#ticketsWhere(session, (marks) => last(marks, "in") > -Infinity && last(marks, "in") >= last(marks, "out"));
  }

  has(uuid) {
    return this.#owners.has(uuid);
  }

  get size() {
    return this.#owners.size;
  }

  // As plain JSON, to be kept: `rows` and `gone` make the same set again.
  asRows() {
    const rows = [];
    for (const tickets of this.#places.values()) {
      for (const marks of tickets.values()) {
        marks.forEach((one) => rows.push([one.ticket, one.session, one.kind, one.at, one.uuid, one.device]));
      }
    }
    return { rows, gone: [...this.#gone] };
  }

  #ticketsWhere(session, holds) {
    const tickets = this.#places.get(session) ?? new Map();
    return new Set([...tickets].filter(([, marks]) => holds(marks)).map(([ticket]) => ticket));
  }

  #remove(uuid) {
    const marks = this.#owners.get(uuid);
    if (marks) {
      marks.splice(marks.findIndex((one) => one.uuid === uuid), 1);
      this.#owners.delete(uuid);
    }
  }
}
