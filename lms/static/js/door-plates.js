// An answer of the door in the reader's words: what the plate shows, how it looks (`ans-…`) and sounds.

const LOOKS = {
  welcome: ["in", "tick"],
  already: ["again", "again"],
  "other-session": ["other", "other"],
  "not-listed": ["none", "cross"],
  cancelled: ["cancelled", "stop"],
};
const LONGEST_CODE = 24;

const data = document.getElementById("door-words");
const words = data ? JSON.parse(data.textContent) : {};
const clock = new Intl.DateTimeFormat("vi", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

// The word of this name, its {places} filled in.
export function say(name, values = {}) {
  return Object.entries(values).reduce((text, [place, value]) => text.replaceAll(`{${place}}`, value), words[name] ?? "");
}

export function hour(at) {
  return clock.format(at);
}

// The plate of an answer of `Desk.scan`.
export function plateOf(answer, desk) {
  const [look, icon] = LOOKS[leftWithoutEntry(answer) ? "already" : answer.verdict];
  const one = answer.person;
  const plate = { look, icon, who: one?.name ?? "", unit: one?.unit ?? "", uuid: answer.uuid ?? null };
  return { ...plate, ...WORDS[answer.verdict](answer, desk, one) };
}

// Someone went out whom nobody had seen come in: kept, and said, for an entry was missed or the wrong person meant.
function leftWithoutEntry(answer) {
  return answer.verdict === "welcome" && answer.kind === "out" && answer.again === false;
}

const WORDS = {
  welcome: (answer, _desk, one) => ({
    word: say(answer.kind === "out" ? "out" : answer.method === "sheet" ? "entered" : "welcome"),
    detail: answer.method === "sheet" ? say("sheet") : leftWithoutEntry(answer) ? say("noEntry") : hour(answer.at),
    who: one.name || one.ticket,
  }),
  already: (answer) => ({
    word: say(answer.kind === "out" ? "alreadyOut" : "already", { time: hour(answer.at) }),
    detail: say("nothingWritten"),
  }),
  "other-session": (answer, desk, one) => ({
    word: say("other", { point: pointName(desk, one.point) }),
    who: one.name || one.ticket,
    detail: say("here", { point: pointName(desk, desk.pack.point) }),
    exception: one.ticket,
  }),
  "not-listed": (answer) => ({
    code: answer.ticket,
    word: say("notListed"),
    who: say("code", { code: answer.ticket.slice(0, LONGEST_CODE) }),
    unit: say("notOfEvent"),
    detail: say("helpDesk"),
  }),
  cancelled: (_answer, _desk, one) => ({
    word: say("cancelled"),
    detail: one.replacedBy ? say("replacedBy", { name: one.replacedBy }) : say("helpDesk"),
  }),
};

export function pointName(desk, id) {
  return desk.pack.points.find(([known]) => known === id)?.[1] ?? "";
}

// Someone else had let this person in before, which only the server could know.
export function earlierPlate(plate, { at, device }, desk) {
  const name = device ? desk.deviceName(device) : "";
  const word = name ? say("earlierAt", { door: name, time: hour(at) }) : say("earlier", { time: hour(at) });
  return { ...plate, look: "again", icon: "again", word, detail: say("bothKept") };
}

export function undonePlate(one) {
  const words = { word: say("undone"), who: one?.name ?? "", unit: "", detail: say("undoneDetail") };
  return { look: "ready", icon: "again", passing: true, ...words };
}

export function troublePlate(word, detail = "", icon = "warn") {
  return { look: "ready", icon, word, who: "", unit: "", detail };
}
