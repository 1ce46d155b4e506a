// A lesson remembers the heading last read: it tells the server when the reader pauses there, and when they leave.

const article = document.getElementById("lesson");
const address = article.dataset.progress;
const token = document.querySelector('meta[name="csrf-token"]').content;
const headings = [...article.querySelectorAll("h2[id], h3[id]")];
let told = null;
let timer = null;

function lastRead() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.6);
  return passed.length ? passed[passed.length - 1].id : "";
}

function tell() {
  const place = lastRead();
  if (place === told) {
    return;
  }
  told = place;
  const body = new URLSearchParams({ place, csrf_token: token });
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => {
    told = null; // no network: tried again at the next pause
  });
}

addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(tell, 1500);
}, { passive: true });
addEventListener("pagehide", tell);
tell();
