// Keeps the tracking page fresh without reloading it. Everything works without it.
(() => {
  "use strict";
  const progress = document.getElementById("progress");
  const pause = document.getElementById("pause");
  const connection = document.getElementById("connection");
  const seconds = Number(progress && progress.dataset.seconds);
  if (!seconds || "paused" in progress.dataset || !window.fetch) return;

  const read = async () => {
    const answer = await fetch(progress.dataset.part, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    // The spoken sentence stays the same element and changes only with its words, so
    // that a screen reader tells news and never a ticking clock.
    const spoken = progress.querySelector("#happening");
    const news = fresh.querySelector("#happening");
    if (spoken && news) {
      if (spoken.textContent !== news.textContent) spoken.textContent = news.textContent;
      for (const part of ["h1", ".left", ".steps", ".hint"]) {
        const old = progress.querySelector(part);
        const now = fresh.querySelector(part);
        if (old && now) old.replaceWith(now);
        else if (old) old.remove();
        else if (now) spoken.before(now);
      }
    }
    const title = progress.querySelector("[data-title]");
    if (title) {
      document.title = `${title.textContent} –${document.title.split("–").pop()}`;
    }
  };

  const turn = async () => {
    if (!document.hidden) {
      try {
        await read();
        connection.textContent = "";
      } catch {
        if (!connection.textContent) connection.textContent = connection.dataset.lost;
      }
    }
  };
  const timer = setInterval(turn, Math.min(seconds, 10) * 1000);
  document.addEventListener("visibilitychange", turn);
  pause.addEventListener("click", () => clearInterval(timer));
})();
