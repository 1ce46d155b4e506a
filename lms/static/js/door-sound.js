// How an answer sounds and shakes, so that it is understood without looking: tones in Hz with their length in ms.

const TONES = {
  in: [[880, 80], [1319, 80]],
  again: [[660, 200]],
  other: [[660, 200], [660, 200]],
  none: [[330, 160], [220, 160]],
  cancelled: [[330, 160], [220, 160]],
};
const SHAKES = { in: 60, again: [60, 80, 60], other: [60, 80, 60], none: 250, cancelled: [250, 80, 250] };
const PAUSE = 0.04;

let audio = null;

// Browsers let a page sound only after a press; call this from one.
export function allowSound() {
  if (!audio && globalThis.AudioContext) {
    audio = new AudioContext();
  }
  audio?.resume();
}

export function sound(look) {
  if (navigator.vibrate && SHAKES[look] && navigator.userActivation?.hasBeenActive) {
    navigator.vibrate(SHAKES[look]);
  }
  if (!audio || audio.state !== "running") {
    return;
  }
  let at = audio.currentTime;
  for (const [pitch, milliseconds] of TONES[look] || []) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const end = at + milliseconds / 1000;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, end);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(end);
    at = end + PAUSE;
  }
}
