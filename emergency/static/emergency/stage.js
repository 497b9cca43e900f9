/* Shows in the frames what the story is about: the customer's page of its order, and the
   telephone that rings. Without it the links beside the story do the same. */
"use strict";

(() => {
  const box = document.querySelector("[data-poll]");
  const customer = document.querySelector("iframe[name=customer]");
  const phones = document.querySelector("iframe[name=phones]");
  let told = "";
  let rung = "";

  function look() {
    const pages = [...box.querySelectorAll("[data-tracking]")];
    const tracking = pages.at(-1)?.dataset.tracking || "";
    if (tracking && tracking !== told && pages.length === 1) customer.src = tracking;
    told = tracking || told;
    const number = box.querySelector("[data-ringing]")?.dataset.ringing || "";
    if (phones && number && number !== rung) {
      // Only the place on the page changes, so the frame does not load anew.
      phones.src = `${phones.src.split("#")[0]}#phone-${number.replace(/\D/g, "")}`;
    }
    rung = number;
  }

  new MutationObserver(look).observe(box, { childList: true });
  look();
})();
