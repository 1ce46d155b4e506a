// Reads QR codes off the page's thread where the browser has no BarcodeDetector: an image in, its text (or null) out.

if (!self.jsQR) {
  importScripts("../vendor/jsQR.js");
}

addEventListener("message", (event) => {
  const { pixels, width, height } = event.data;
  const found = self.jsQR(new Uint8ClampedArray(pixels), width, height, { inversionAttempts: "dontInvert" });
  postMessage(found ? found.data : null);
});
