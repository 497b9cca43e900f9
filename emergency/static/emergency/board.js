/* Says by sound, sight and icon that an incident is new. The telephones ring anyway; this
   is for whoever sits in front of the board. */
"use strict";

(() => {
  const KEY = "desk-sound";
  const box = document.querySelector("[data-poll]");
  const sound = document.getElementById("sound");
  const arrived = document.getElementById("arrived");
  const link = document.querySelector("link[rel=icon]");
  if (!box || !sound) return;

  const root = () => box.querySelector("[data-open]");
  const open = () => new Set((root()?.dataset.open || "").split(" ").filter(Boolean));
  let known = open();
  let audio = null;
  let on = false;
  try {
    on = localStorage.getItem(KEY) === "on";
  } catch { /* a browser may refuse its storage */ }

  function show() {
    sound.textContent = on ? sound.dataset.on : sound.dataset.off;
    sound.setAttribute("aria-pressed", String(on));
    sound.hidden = false;
  }

  // Browsers play nothing before somebody has touched the page.
  function wake() {
    if (!on || !window.AudioContext) return;
    audio = audio || new AudioContext();
    audio.resume();
  }

  function ring() {
    if (!on || !audio) return;
    [0, 0.35, 0.7].forEach((delay, turn) => {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      const at = audio.currentTime + delay;
      tone.frequency.value = turn === 1 ? 660 : 880;
      loud.gain.setValueAtTime(0.3, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(loud).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  }

  function look() {
    const now = open();
    const fresh = [...now].filter((reference) => !known.has(reference));
    known = now;
    const icon = root()?.dataset.icon;
    if (icon && link && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
    if (!fresh.length) return;
    const words = fresh.length === 1 ? arrived.dataset.one : arrived.dataset.many;
    arrived.textContent = words.replace("{list}", fresh.join(", "));
    arrived.hidden = false;
    ring();
    if (navigator.vibrate) navigator.vibrate([300, 150, 300]);
  }

  sound.addEventListener("click", () => {
    on = !on;
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch { /* then it is on for this page only */ }
    show();
    wake();
    if (on) ring();
  });
  document.addEventListener("click", wake, { capture: true });
  document.addEventListener("keydown", wake, { capture: true });
  // What has been seen needs no alarm.
  document.addEventListener("click", (event) => {
    if (event.target !== sound) arrived.hidden = true;
  });
  new MutationObserver(look).observe(box, { childList: true });
  show();
})();
