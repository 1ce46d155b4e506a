// The answer in a question's form, and back: in the shape of its kind, as the server stores it.

const named = (form, start) => [...form.elements].filter((field) => field.name?.startsWith(start));
const after = (field) => field.name.slice(field.name.indexOf("-") + 1);
const some = (thing) => (Object.keys(thing).length ? thing : null);

const chosen = {
  read(form) {
    const ids = [...form.querySelectorAll('input[name="answer"]:checked')].map((box) => box.value);
    return ids.length ? { chosen: ids } : null;
  },
  write(form, answer) {
    for (const box of form.querySelectorAll('input[name="answer"]')) {
      box.checked = answer?.chosen?.includes(box.value) ?? false;
    }
  },
};

const text = {
  read(form) {
    const { value } = form.elements.namedItem("text");
    return value.trim() ? { text: value } : null;
  },
  write(form, answer) {
    form.elements.namedItem("text").value = answer?.text ?? "";
  },
};

const matching = {
  read(form) {
    const pairs = named(form, "pair-").filter((list) => list.value).map((list) => [after(list), list.value]);
    return pairs.length ? { pairs: Object.fromEntries(pairs) } : null;
  },
  write(form, answer) {
    for (const list of named(form, "pair-")) {
      list.value = answer?.pairs?.[after(list)] ?? "";
    }
  },
};

const ordering = {
  read(form) {
    const places = named(form, "place-");
    if (!places.every((field) => field.value)) {
      return null;
    }
    return { order: places.sort((one, other) => one.value - other.value).map(after) };
  },
  write(form, answer) {
    for (const field of named(form, "place-")) {
      field.value = answer ? answer.order.indexOf(after(field)) + 1 : "";
    }
  },
};

const cloze = {
  read(form) {
    const gaps = {};
    for (const field of named(form, "gap-")) {
      if (field.value.trim()) {
        gaps[after(field)] = field.tagName === "SELECT" ? { chosen: [field.value] } : { text: field.value };
      }
    }
    return some(gaps) && { gaps };
  },
  write(form, answer) {
    for (const field of named(form, "gap-")) {
      const gap = answer?.gaps?.[after(field)];
      field.value = gap?.text ?? gap?.chosen?.[0] ?? "";
    }
  },
};

const hotspot = {
  read(form) {
    const points = named(form, "x-")
      .map((field) => [field.value.trim(), form.elements.namedItem(`y-${after(field)}`).value.trim()])
      .filter(([x, y]) => x && y)
      .map((pair) => pair.map(Number));
    return points.length ? { points } : null;
  },
  write(form, answer) {
    for (const [index, field] of named(form, "x-").entries()) {
      const [x, y] = answer?.points?.[index] ?? ["", ""];
      field.value = x;
      form.elements.namedItem(`y-${after(field)}`).value = y;
    }
  },
};

const KINDS = {
  single: chosen, multiple: chosen, truefalse: chosen, short: text, numeric: text, essay: text, matching, ordering, cloze, hotspot,
};

export const answerOf = (form) => KINDS[form.dataset.kind].read(form);

// Put an answer into the form; whatever draws it in another way hears of it by "filled".
export function fill(form, answer) {
  KINDS[form.dataset.kind].write(form, answer);
  form.dispatchEvent(new Event("filled"));
}
