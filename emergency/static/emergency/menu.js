/* On a narrow screen the menu is one line: where one is stands in its middle. */
"use strict";

{
  const here = document.querySelector(".bar nav [aria-current]");
  const line = here?.closest("ul");
  if (line) line.scrollLeft = here.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
}
