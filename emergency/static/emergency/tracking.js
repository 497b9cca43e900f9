// Keeps the tracking page fresh without reloading it. Everything works without it.
(() => {
  "use strict";
  const progress = document.getElementById("progress");
  // What was typed until the order has done its work on this device; a report that was
  // begun since then is another one.
  const done = () => {
    const ordered = Date.parse(progress.dataset.ordered) + 60_000;
    const copy = JSON.parse(localStorage.getItem("emergency-report"));
    if (copy && copy.at < ordered) localStorage.removeItem("emergency-report");
    localStorage.setItem("emergency-ordered", String(ordered));
  };
  try {
    done();
  } catch { /* forbidden */ }
  const pause = document.getElementById("pause");
  const connection = document.getElementById("connection");
  const seconds = Number(progress && progress.dataset.seconds);
  if (!seconds || "paused" in progress.dataset || !window.fetch) return;

  // The clock of the server, for the minutes while the connection is lost.
  let ahead = 0;
  const setClock = () => {
    const left = progress.querySelector(".left");
    if (left) ahead = new Date(left.dataset.now) - Date.now();
  };

  const countDown = () => {
    const left = progress.querySelector(".left");
    if (!left) return;
    const rest = new Date(left.dataset.deadline) - (Date.now() + ahead);
    const minutes = Math.ceil(rest / 60000);
    if (minutes < 1) left.textContent = "";
    else if (minutes === 1) left.textContent = left.dataset.one;
    else left.textContent = left.dataset.many.replace("#", minutes);
  };

  const replace = (fresh, part) => {
    const old = progress.querySelector(part);
    const now = fresh.querySelector(part);
    const spoken = progress.querySelector("#happening");
    if (old && now) old.replaceWith(now);
    else if (old) old.remove();
    else if (now) spoken.before(now);
  };

  // Nothing moves under a finger or a keyboard, and nothing typed is lost.
  const typing = (part) =>
    part.contains(document.activeElement) ||
    [...part.querySelectorAll("textarea, input")].some((one) => one.value !== one.defaultValue);

  const renew = (now) => {
    const old = document.getElementById("news");
    if (!old || !now || typing(old)) return;
    const page = document.getElementById("content");
    if (old.dataset.rights !== now.dataset.rights && !typing(page)) location.reload();
    else if (old.innerHTML !== now.innerHTML) old.replaceWith(now);
  };

  const read = async () => {
    const answer = await fetch(progress.dataset.part, { cache: "no-store" });
    if (answer.status === 404 || answer.status === 410) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    // The spoken sentence stays the same element and changes only with its words, so
    // that a screen reader tells news and never a ticking clock.
    const spoken = progress.querySelector("#happening");
    const news = fresh.querySelector("#happening");
    if (spoken && news) {
      if (spoken.textContent !== news.textContent) spoken.textContent = news.textContent;
      for (const part of ["h1", ".left", ".steps", ".hint"]) replace(fresh, part);
    }
    renew(fresh.querySelector("#news"));
    const title = progress.querySelector("[data-title]");
    if (title) {
      document.title = `${title.textContent} –${document.title.split("–").pop()}`;
    }
    setClock();
  };

  const turn = async () => {
    if (document.hidden) return;
    try {
      await read();
      connection.textContent = "";
    } catch {
      countDown();
      if (!connection.textContent) connection.textContent = connection.dataset.lost;
    }
  };
  setClock();
  const timer = setInterval(turn, Math.min(seconds, 10) * 1000);
  document.addEventListener("visibilitychange", turn);
  pause.addEventListener("click", () => clearInterval(timer));
})();
