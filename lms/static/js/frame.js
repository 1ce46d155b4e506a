// What every page does on its own: focus the error summary, close open menus, show a password, open tables for
// paper, and send a form once. Each page works without this file.

const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
}

// The account menu is a <details>: Escape or a press elsewhere closes it.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) {
      menu.open = false;
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// "Hiện mật khẩu": the button is hidden until this script can serve it.
for (const button of document.querySelectorAll("button[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const [shown, hidden] = [button.dataset.hide, button.textContent];
  button.hidden = false;
  button.addEventListener("click", () => {
    const reveal = field.type === "password";
    field.type = reveal ? "text" : "password";
    button.textContent = reveal ? shown : hidden;
    button.setAttribute("aria-pressed", String(reveal));
  });
}

// Paper has no disclosure triangles: tables behind the pictures open for printing and close again.
const opened = [];
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.numbers:not([open])")) {
    table.open = true;
    opened.push(table);
  }
});
addEventListener("afterprint", () => {
  for (const table of opened.splice(0)) {
    table.open = false;
  }
});
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A second press of the same button within two seconds sends nothing; coming back by the browser's history may send again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  const now = Date.now();
  if (now - Number(form.dataset.sentAt || 0) < 2000) {
    event.preventDefault();
  }
  form.dataset.sentAt = String(now);
});
