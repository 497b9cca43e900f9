// Keeps what is typed on this device until it is ordered. Everything works without it.
(() => {
  "use strict";
  const KEY = "emergency-report";
  const A_DAY = 24 * 60 * 60 * 1000;
  const form = document.getElementById("report-form");
  const kept = document.getElementById("kept");
  const offline = document.getElementById("offline");
  if (!form) return;

  const inputs = () =>
    [...form.elements].filter(
      (one) =>
        one.name &&
        one.name !== "remove_file" &&
        !["hidden", "submit", "file"].includes(one.type) &&
        !one.closest(".trap"),
    );
  const ticked = (one) => ["checkbox", "radio"].includes(one.type);

  // A browser may refuse its storage; then nothing is kept here.
  const stored = () => {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return found && Date.now() - found.at < A_DAY ? found : null;
    } catch {
      return null;
    }
  };
  const opened = Date.now();
  // A page that comes back from the browser's memory after its order keeps nothing.
  const isOrdered = () => {
    try {
      return Number(localStorage.getItem("emergency-ordered")) > opened + 60_000;
    } catch {
      return true;
    }
  };
  const store = () => {
    if (isOrdered()) return;
    const values = inputs()
      .filter((one) => (ticked(one) ? one.checked : one.value.trim()))
      .map((one) => [one.name, one.value]);
    try {
      if (values.length) localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), values }));
      else localStorage.removeItem(KEY);
    } catch { /* full or forbidden */ }
  };
  const forget = () => {
    try {
      localStorage.removeItem(KEY);
    } catch { /* forbidden */ }
  };

  const fill = ({ values }) => {
    let filled = false;
    for (const one of inputs()) {
      if (ticked(one)) {
        const wanted = values.some(([name, value]) => name === one.name && value === one.value);
        filled = filled || wanted !== one.checked;
        one.checked = wanted;
      } else {
        const found = values.find(([name]) => name === one.name);
        if (!found || one.value === found[1]) continue;
        one.value = found[1];
        filled = true;
        const folded = one.closest("details");
        if (folded) folded.open = true;
      }
    }
    return filled;
  };

  const copy = stored();
  const asOf = form.dataset.asOf ? Date.parse(form.dataset.asOf) : 0;
  if (copy && copy.at > asOf && fill(copy)) kept.hidden = false;

  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    waiting = setTimeout(store, 300);
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  window.addEventListener("pagehide", store);
  kept.addEventListener("submit", () => {
    window.removeEventListener("pagehide", store);
    forget();
  });
  form.addEventListener("submit", (event) => {
    store();
    offline.hidden = navigator.onLine;
    if (!navigator.onLine) {
      event.preventDefault();
      offline.scrollIntoView({ block: "center" });
    }
  });
})();
