// The hall's screen: fetches each code as the last one ends, counts down, and never leaves a dead code on the screen.

const SOON = 1000; // ms until the next try while there is no network

const hall = document.getElementById("hall-code");
const [left, lost] = ["hall-left", "hall-lost"].map((id) => document.getElementById(id));
let ends = 0;

async function renew() {
  const picture = hall.querySelector("img");
  try {
    const response = await fetch(picture.dataset.address, { cache: "no-store" });
    if (!response.ok || response.redirected) {
      location.reload(); // signed out, switched off or over: the page says which
      return;
    }
    const stays = Number(response.headers.get("X-Next-In"));
    const old = picture.src;
    picture.src = URL.createObjectURL(await response.blob());
    if (old.startsWith("blob:")) {
      URL.revokeObjectURL(old);
    }
    picture.classList.remove("gone");
    lost.textContent = "";
    ends = performance.now() + stays;
    setTimeout(renew, stays + 20);
  } catch {
    picture.classList.add("gone");
    lost.textContent = hall.dataset.lost;
    setTimeout(renew, SOON);
  }
}

function count() {
  left.textContent = String(Math.max(0, Math.ceil((ends - performance.now()) / 1000)));
}

if (hall) {
  const picture = hall.querySelector("img");
  picture.dataset.address = picture.src;
  ends = performance.now() + Number(hall.dataset.nextIn);
  setTimeout(renew, Number(hall.dataset.nextIn) + 20);
  setInterval(count, 250);
  navigator.wakeLock?.request("screen").catch(() => {});
}
