// A bank's list follows its search form; of the boxes beside the act on many only those it needs are shown. Without this
// file every box stands.

import { follow } from "./followed-list.js";

follow({
  changed: (list) => {
    const act = list.querySelector('select[name="act"]')?.value;
    for (const box of list.querySelectorAll("[data-for]")) {
      box.hidden = !box.dataset.for.split(" ").includes(act);
    }
  },
});
