// The delegate list follows its search form; what the list shows unasked is not in its address.

import { follow } from "./followed-list.js";

follow({
  leftOut: (name, value) => (name === "state" && value === "active") || (name === "order" && value === "unit"),
});
