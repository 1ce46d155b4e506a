// An unattended device: only the camera and the answer; out again with the four digits chosen on the way in.

import { say } from "./door-plates.js";
import { byId, clearPlate, closeDialogs, fault, lasts } from "./door-screen.js";

// `enter()` shows the kiosk; what it was before is kept by the desk, so that a reload comes back to it.
export function startKiosk(desk, startCamera) {
  const show = (on) => {
    lasts.kiosk = on;
    document.body.classList.toggle("kiosk", on);
    byId("kiosk-foot").hidden = !on;
    document.querySelector(".doorfoot").hidden = on;
    byId("counts").classList.toggle("visually-hidden", on);
    byId("counts").inert = on;
    clearPlate();
  };
  byId("kiosk-leave").addEventListener("click", () => {
    byId("leave-form").reset();
    fault("leave-code", "");
    byId("leave").showModal();
  });
  byId("leave-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const right = byId("leave-code").value.trim() === desk.settings.kiosk;
    if (!fault("leave-code", right ? "" : say("codeWrong"))) {
      closeDialogs();
      await desk.set({ kiosk: null });
      show(false);
    }
  });
  return {
    enter: () => {
      show(true);
      if (!lasts.watching) {
        startCamera();
      }
    },
  };
}
