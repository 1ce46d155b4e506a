// The door's judgement, from the list on the device alone. Pure: nothing is asked, kept or shown here.

export const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"; // as lms.registration.tickets
const SHAPE = new RegExp(`^[${ALPHABET}]{8}$`);
const WORD = /[\p{L}\p{N}_]+/gu;
const MOST_TERMS = 8;
const MINUTE = 60_000;
const EARLY = 120 * MINUTE; // a half-day is "now" from two hours before it begins
const LATE = 60 * MINUTE; // until an hour after it ends

// ── Codes and names ──

// "7k3m x9qd" → "7K3M-X9QD"; null for what cannot be a ticket.
export function normalise(written) {
  const letters = written.replace(/[\s-]/g, "").toUpperCase();
  return SHAPE.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

// Whether a text can only be a ticket: a name of eight letters such as "Thanh Nga" may look like one.
export function isCode(entry) {
  return normalise(entry) !== null && /[\d-]/.test(entry);
}

export function drawTicket() {
  let letters = "";
  while (letters.length < 8) {
    const [drawn] = crypto.getRandomValues(new Uint8Array(1));
    letters += drawn < 240 ? ALPHABET[drawn % ALPHABET.length] : ""; // 240 = 8 × 30: every letter alike
  }
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

// "Đặng Văn Đức" → "dang van duc", as lms.core.text.fold.
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
  return plain.replace(/\s+/g, " ").trim();
}

export function searchTerms(query) {
  return (fold(query).match(WORD) ?? []).slice(0, MOST_TERMS);
}

// ── The list ──

// A pack (and who walked in here since) as people by ticket. Each: ticket, name, unit, post, point, gone, replaces,
// replacedBy (a name), words (folded, for finding).
export function readList(pack, walkIns = []) {
  const people = new Map();
  for (const [ticket, name, unit, post, point, gone, replaces] of pack.people) {
    people.set(ticket, person(ticket, name, pack.units[unit]?.[1] ?? "", post ?? "", point, gone, replaces));
  }
  const seconds = secondTickets(pack);
  for (const one of walkIns) {
    if (!people.has(one.ticket) && !seconds.has(one.ticket)) {
      people.set(one.ticket, person(one.ticket, one.name, one.unit, one.post, pack.point, false, null));
    }
  }
  for (const one of people.values()) {
    const before = one.replaces && people.get(one.replaces);
    if (before) {
      before.replacedBy = one.name;
    }
  }
  return people;
}

// Tickets of people who walked in twice or stood on the list already, with the ticket they go by.
export function secondTickets(pack) {
  return new Map(pack.second_tickets ?? []);
}

function person(ticket, name, unit, post, point, gone, replaces) {
  return { ticket, name, unit, post, point, gone, replaces, replacedBy: "", words: fold(`${name} ${unit} ${post}`) };
}

// People whose name, unit or post holds every word, as `{found, number}`: the first `most`, and how many there are. Words
// that begin a word of the name count most, then words within the name: names before units and posts.
export function find(people, query, most) {
  const terms = searchTerms(query);
  if (!terms.length) {
    return { found: [], number: 0 };
  }
  const found = [...people.values()].filter((one) => one.name && terms.every((term) => one.words.includes(term)));
  const rank = (one) => {
    const name = fold(one.name);
    const names = name.split(" ");
    const begun = terms.filter((term) => names.some((word) => word.startsWith(term))).length;
    return begun * (MOST_TERMS + 1) + terms.filter((term) => name.includes(term)).length;
  };
  const ranked = found.map((one) => [rank(one), one]).sort(([one], [other]) => other - one);
  return { found: ranked.slice(0, most).map(([, one]) => one), number: found.length };
}

export function sameName(people, name) {
  const folded = fold(name);
  return [...people.values()].filter((one) => one.name && !one.gone && fold(one.name) === folded);
}

// ── Judging ──

// What the door answers. `here` is {people, marks, point, session, kind}. The answer: `verdict` (welcome, already,
// other-session, not-listed, cancelled), the `person`, `at` (ms) of the mark that stands, `again` for one who went out.
export function judge(here, ticket, exception = "") {
  const one = here.people.get(ticket);
  if (!one) {
    return { verdict: "not-listed", person: null };
  }
  if (one.gone) {
    return { verdict: "cancelled", person: one };
  }
  const marks = here.marks.of(here.session, ticket);
  const last = marks.at(-1);
  const came = marks.some((mark) => mark.kind === "in");
  if (last?.kind === here.kind) {
    const first = here.kind === "in" ? marks[marks.findLastIndex((mark) => mark.kind !== "in") + 1] : last;
    return { verdict: "already", person: one, at: first.at };
  }
  if (elsewhere(here, one) && !exception && !came) {
    return { verdict: "other-session", person: one };
  }
  return { verdict: "welcome", person: one, again: came };
}

// Whether a person belongs to another point than this device's.
export function elsewhere(here, one) {
  return here.point !== null && one.point !== null && one.point !== here.point;
}

// ── Half-days ──

// The half-day that the clock means: the first of those not over, else the last.
export function pickSession(sessions, now) {
  return sessions.find((one) => now < Date.parse(one.ends_at) + LATE) ?? sessions.at(-1) ?? null;
}

// Whether a half-day may be scanned for at this moment without a warning.
export function isNow(session, now) {
  return Date.parse(session.starts_at) - EARLY <= now && now <= Date.parse(session.ends_at) + LATE;
}

// Of those who belong here: who came, who is inside now, who is expected. {present, inside, expected, units: [[name,
// present, expected, inside]]}.
export function count(here) {
  const [came, inside] = [here.marks.cameIn(here.session), here.marks.inside(here.session)];
  const units = new Map();
  const all = { present: 0, inside: 0, expected: 0 };
  for (const one of here.people.values()) {
    if (one.gone || elsewhere(here, one)) {
      continue;
    }
    const unit = units.get(one.unit) ?? { present: 0, inside: 0, expected: 0 };
    for (const number of [all, unit]) {
      number.expected += 1;
      number.present += came.has(one.ticket) ? 1 : 0;
      number.inside += inside.has(one.ticket) ? 1 : 0;
    }
    units.set(one.unit, unit);
  }
  return { ...all, units: [...units].map(([name, unit]) => [name, unit.present, unit.expected, unit.inside]) };
}
