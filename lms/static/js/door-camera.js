// The camera, read continuously: the browser's own detector where there is one, else jsQR in a worker.

const EVERY = 120; // ms between two looks
const WIDEST = 640; // pixels given to the worker; a badge fills a third of the picture

export const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);

// Starts the camera in `video` and calls `seen(text)` for every code in every look; `reader` is the address of the script
// that reads where the browser cannot. Gives a function that stops it. Rejects without a camera.
export async function watch(video, seen, reader = new URL("door-worker.js", import.meta.url)) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
    audio: false,
  });
  video.srcObject = stream;
  await video.play();
  const read = await chooseReader(reader);
  let watching = true;
  const look = async () => {
    if (!watching) {
      return;
    }
    if (video.readyState >= 2 && !document.hidden) {
      const text = await read(video).catch(() => null);
      if (text) {
        seen(text);
      }
    }
    setTimeout(look, EVERY);
  };
  look();
  return () => {
    watching = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

async function chooseReader(address) {
  if ("BarcodeDetector" in globalThis) {
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
    }
  }
  return workerReader(address);
}

function workerReader(address) {
  const worker = new Worker(address);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) =>
    new Promise((resolve, reject) => {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
    });
}
