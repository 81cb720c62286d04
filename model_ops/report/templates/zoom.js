// Zooms what is marked for it. All else on the page works without this.
"use strict";
for (const figure of document.querySelectorAll(".zoomable")) {
  const steps = [1, 1.5, 2, 3, 4, 6];
  const plot = figure.querySelector("svg");
  const scroller = document.createElement("div");
  const bar = document.createElement("p");
  let step = 0;

  function show() {
    plot.style.width = steps[step] * 100 + "%";
    plot.style.maxWidth = "none";
    for (const [button, end] of [[smaller, 0], [larger, steps.length - 1]]) button.disabled = step === end;
  }

  function button(sign, words, move) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", words);
    made.addEventListener("click", () => { step = move(step); show(); });
    bar.append(made);
    return made;
  }

  scroller.className = "scroller";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Timeline, which scrolls when it is zoomed");
  bar.className = "zoom";
  const smaller = button("−", "Zoom out", (at) => Math.max(0, at - 1));
  const larger = button("+", "Zoom in", (at) => Math.min(steps.length - 1, at + 1));
  button("All", "Show all of it", () => 0);
  plot.replaceWith(scroller);
  scroller.append(plot);
  figure.prepend(bar);
  show();
}
