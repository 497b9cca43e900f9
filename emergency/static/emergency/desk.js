/* Keeps marked parts of a page current and keeps a form from being sent twice.
   Everything works without it: pages reload themselves then, and actions are safe to
   repeat. */
"use strict";

(() => {
  const PATIENCE = 8000;
  let typed = false;
  const freshness = document.querySelector("[data-freshness]");

  function tell(at, lost) {
    if (!freshness) return;
    const words = lost ? freshness.dataset.lost : freshness.dataset.fresh;
    if (at) freshness.dataset.at = at;
    const text = words.replace("{time}", freshness.dataset.at || "…");
    // The time alone is no news for a screen reader; losing the line is.
    freshness.setAttribute("aria-live", lost ? "assertive" : "off");
    if (freshness.textContent !== text) freshness.textContent = text;
    freshness.classList.toggle("lost", lost);
    document.documentElement.classList.toggle("stale", lost);
  }

  function replace(box, html) {
    const held = box.contains(document.activeElement) ? document.activeElement.id : "";
    box.innerHTML = html;
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    const title = box.querySelector("[data-title]")?.dataset.title;
    if (title) document.title = title;
    const version = box.querySelector("[data-version]")?.dataset.version;
    if (version && box.dataset.version && version !== box.dataset.version) {
      document.querySelectorAll("[data-changed]").forEach((note) => { note.hidden = false; });
    }
    // What was typed is worth more than a fresh page; the link there loads one.
    if (box.querySelector("[data-reload]") && !typed) location.reload();
  }

  function watch(box) {
    let etag = box.dataset.etag || "";
    let busy = false;
    async function look() {
      if (busy) return;
      busy = true;
      try {
        const answer = await fetch(box.dataset.poll, {
          headers: etag ? { "If-None-Match": etag } : {},
          cache: "no-store",
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (answer.redirected) { location.reload(); return; }
        if (answer.status !== 304) {
          if (!answer.ok) throw new Error(String(answer.status));
          replace(box, await answer.text());
          etag = answer.headers.get("ETag") || "";
        }
        tell(answer.headers.get("X-Shown-At"), false);
      } catch {
        tell("", true);
      } finally {
        busy = false;
      }
    }
    setInterval(look, Number(box.dataset.every) * 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    addEventListener("online", look);
    addEventListener("offline", () => tell("", true));
  }

  if (freshness) {
    freshness.dataset.at = (freshness.textContent.match(/\d\d:\d\d:\d\d/) || [""])[0];
  }
  document.querySelectorAll("[data-poll]").forEach(watch);

  document.addEventListener("input", () => { typed = true; });
  document.addEventListener("submit", (event) => {
    const buttons = event.target.querySelectorAll("button:not([type=button])");
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }), 0);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("button[disabled]").forEach((button) => { button.disabled = false; });
  });
})();
