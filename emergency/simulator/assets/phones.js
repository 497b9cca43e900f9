// Keeps the page fresh and sends its forms without leaving it.
// Only parts that changed are replaced; typing and focus stay where they are.
"use strict";
(() => {
  const body = document.body;
  const lost = document.getElementById("lost");
  const refused = document.getElementById("refused");
  const query = location.search;
  const seen = new WeakMap();

  body.classList.add("scripted");

  function replace(part, fresh) {
    if (seen.get(part) === fresh.innerHTML) return;
    const first = !seen.has(part);
    seen.set(part, fresh.innerHTML);
    if (first && part.innerHTML === fresh.innerHTML) return;
    const focused = part.contains(document.activeElement) && document.activeElement.id;
    const open = [...part.querySelectorAll("details[open] time")].map((t) => t.dateTime);
    part.innerHTML = fresh.innerHTML;
    for (const time of part.querySelectorAll("details time")) {
      if (open.includes(time.dateTime)) time.closest("details").open = true;
    }
    for (const list of part.querySelectorAll(".call .transcript")) {
      list.scrollTop = list.scrollHeight;
    }
    if (focused) {
      const next = document.getElementById(focused)
        || part.querySelector(".call button")
        || part.closest(".phone")?.querySelector("h2");
      next?.focus({ preventScroll: true });
    }
  }

  function update(card, fresh) {
    card.className = fresh.className;
    const old = card.querySelector(".reply, p.quiet[id]");
    const reply = fresh.querySelector(".reply, p.quiet[id]");
    const to = (part) => part.querySelector("[name=to]")?.value;
    if (to(old) !== to(reply)) {
      const typed = old.querySelector("[name=body]")?.value;
      if (!typed) old.replaceWith(reply);
    }
    const choice = card.querySelector("select");
    const next = fresh.querySelector("select");
    if (document.activeElement !== choice) {
      if (choice.options.length !== next.options.length) {
        choice.innerHTML = next.innerHTML;
      }
      choice.value = next.value;
    }
    // What somebody is writing stays; a script that has moved on is shown.
    for (const script of card.querySelectorAll(".script input")) {
      const { value } = fresh.ownerDocument.getElementById(script.id);
      if (script.value === script.dataset.value) script.value = value;
      script.dataset.value = value;
    }
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const cards = document.getElementById("cards");
    const wanted = [...fresh.querySelectorAll(".phone")];
    if (!wanted.length || !cards.querySelector(".phone")) {
      if (cards.innerHTML !== fresh.getElementById("cards").innerHTML) {
        cards.replaceChildren(...fresh.getElementById("cards").childNodes);
      }
    }
    for (const card of [...cards.querySelectorAll(".phone")]) {
      if (!fresh.getElementById(card.id)) card.remove();
    }
    wanted.forEach((card, place) => {
      const old = document.getElementById(card.id);
      if (old) update(old, card);
      else cards.insertBefore(card, cards.children[place] || null);
    });
    for (const part of fresh.querySelectorAll("[data-live]")) {
      const old = document.getElementById(part.id);
      if (old) replace(old, part);
    }
    const ringing = document.querySelectorAll(".banner").length;
    document.title = (ringing ? `(${ringing}) ` : "") + body.dataset.title;
  }

  let running = null;
  async function refresh() {
    try {
      const answer = await fetch("/sim/fragment" + query, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
  }
  // One refresh at a time, so that an old answer never overwrites a newer one.
  function refreshOnce() {
    running ??= refresh().finally(() => { running = null; });
    return running;
  }

  function send(form, submitter) {
    const fields = new URLSearchParams(new FormData(form, submitter));
    return fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: fields,
    });
  }

  document.addEventListener("submit", async (submission) => {
    const form = submission.target;
    submission.preventDefault();
    try {
      const answer = await send(form, submission.submitter);
      if (answer.ok && form.matches(".reply")) form.reset();
      const { error, behaviour } = answer.ok ? {} : await answer.json();
      refused.hidden = !error || form.matches(".acts form");
      refused.textContent = behaviour === undefined
        ? refused.dataset.words.replace("{text}", error)
        : refused.dataset.behaviour.replace("{text}", behaviour);
      if (answer.ok) {
        for (const script of form.querySelectorAll("[data-value]")) {
          script.dataset.value = script.value;
        }
      }
    } catch {
      lost.hidden = false;
    }
    await running;
    await refreshOnce();
  });

  document.addEventListener("change", (change) => {
    const form = change.target.closest(".behaviour");
    if (form) form.requestSubmit();
  });

  setInterval(refreshOnce, 1000);
})();
