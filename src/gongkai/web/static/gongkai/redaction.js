/* Drawing boxes on the picture of a page. The table of boxes is what counts: every box drawn or moved here is a row there, and without
   this script the same is done by typing into it. */
(() => {
  "use strict";
  const form = document.querySelector("[data-redaction]");
  if (!form) return;
  const sheet = form.querySelector("[data-sheet]");
  const svg = form.querySelector("[data-boxes]");
  const rows = form.querySelector("[data-box-rows]");
  const template = form.querySelector("[data-box-template]");
  const ground = form.querySelector("[data-ground]");
  const SIDES = ["x0", "y0", "x1", "y1"];
  const LEAST = 0.4; // per cent: a click is no box
  const STEP = 0.5;
  let chosen = null;
  let start = null;

  form.querySelector("[data-draw-help]").hidden = false;
  sheet.tabIndex = 0;
  svg.removeAttribute("aria-hidden");

  const field = (row, side) => row.querySelector(`[name^="box-${side}-"]`);
  const place = (row) => SIDES.map((side) => parseFloat(field(row, side).value));
  const filled = (row) => place(row).every((value) => !Number.isNaN(value));
  const removed = (row) => row.querySelector('[name^="box-remove-"]').checked;
  const clamp = (value) => Math.min(100, Math.max(0, value));

  function setPlace(row, sides) {
    SIDES.forEach((side, index) => { field(row, side).value = clamp(sides[index]).toFixed(2); });
  }

  function newRow() {
    const empty = [...rows.children].find((row) => SIDES.every((side) => !field(row, side).value));
    if (empty) return empty;
    const number = rows.children.length;
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelectorAll("[name]").forEach((input) => {
      input.name = input.name.replace(/-\d+$/, `-${number}`);
      if (input.id) input.id = input.id.replace(/-\d+$/, `-${number}`);
      const label = input.getAttribute("aria-label");
      if (label) input.setAttribute("aria-label", label.replace(/第 \d+ 个/, `第 ${number + 1} 个`));
    });
    row.querySelector("th").textContent = String(number + 1);
    rows.append(row);
    return row;
  }

  function paint() {
    svg.replaceChildren();
    [...rows.children].filter((row) => filled(row) && !removed(row)).forEach((row) => {
      const [x0, y0, x1, y1] = place(row);
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("x", Math.min(x0, x1));
      rect.setAttribute("y", Math.min(y0, y1));
      rect.setAttribute("width", Math.abs(x1 - x0));
      rect.setAttribute("height", Math.abs(y1 - y0));
      rect.setAttribute("class", row === chosen ? "chosen" : "");
      rect.addEventListener("pointerdown", (event) => { event.stopPropagation(); choose(row); });
      svg.append(rect);
    });
  }

  function choose(row) {
    chosen = row;
    [...rows.children].forEach((one) => one.classList.toggle("chosen", one === row));
    sheet.focus({ preventScroll: true });
    paint();
  }

  function at(event) {
    const frame = sheet.getBoundingClientRect();
    return [clamp(100 * (event.clientX - frame.left) / frame.width), clamp(100 * (event.clientY - frame.top) / frame.height)];
  }

  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    start = at(event);
    chosen = null;
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!start) return;
    const here = at(event);
    paint();
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("x", Math.min(start[0], here[0]));
    rect.setAttribute("y", Math.min(start[1], here[1]));
    rect.setAttribute("width", Math.abs(here[0] - start[0]));
    rect.setAttribute("height", Math.abs(here[1] - start[1]));
    rect.setAttribute("class", "drawing");
    svg.append(rect);
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!start) return;
    const here = at(event);
    const from = start;
    start = null;
    if (Math.abs(here[0] - from[0]) < LEAST || Math.abs(here[1] - from[1]) < LEAST) { paint(); return; }
    const row = newRow();
    setPlace(row, [Math.min(from[0], here[0]), Math.min(from[1], here[1]), Math.max(from[0], here[0]), Math.max(from[1], here[1])]);
    row.querySelector("select").value = ground.value;
    choose(row);
  });
  sheet.addEventListener("keydown", (event) => {
    if (!chosen) return;
    const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    const [x0, y0, x1, y1] = place(chosen);
    if (event.key === "Delete" || event.key === "Backspace") {
      chosen.querySelector('[name^="box-remove-"]').checked = true;
      chosen = null;
    } else if (move && event.shiftKey) {
      setPlace(chosen, [x0, y0, Math.max(x0 + LEAST, x1 + move[0]), Math.max(y0 + LEAST, y1 + move[1])]);
    } else if (move) {
      setPlace(chosen, [x0 + move[0], y0 + move[1], x1 + move[0], y1 + move[1]]);
    } else return;
    event.preventDefault();
    paint();
  });
  rows.addEventListener("input", paint);
  rows.addEventListener("change", paint);
  paint();
})();
