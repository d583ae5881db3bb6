/* Predict, then see: a slider for a guess, then what was measured. The guess
   stays in this browser and goes nowhere. Without scripts the answer lies in
   a box that opens. */
(function () {
  "use strict";
  window.PSM = window.PSM || {};
  if (window.PSM.guess) return;

  function memory(key, value) {
    // Reads, or with a value writes; a browser may forbid both.
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch (error) { /* then it is forgotten on reload */ }
    return null;
  }

  window.PSM.guess = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var key = "psm-guess-" + figure.id, form = figure.querySelector("form");
    var range = form.querySelector("input"), out = form.querySelector("output");
    var box = figure.querySelector("details"), mine = box.querySelector("u");
    var said = box.querySelector(".psm-mine");
    var again = box.querySelector("button");

    function number(x) { return Number(x).toFixed(d.digits); }

    function reveal(value) {
      mine.style.left = 100 * (value - d.low) / (d.high - d.low) + "%";
      mine.hidden = false;
      said.textContent = "You said " + number(value) + " (dotted). ";
      box.hidden = false;
      box.open = true;
      form.hidden = true;
    }

    function ask() {
      form.hidden = false;
      box.hidden = true;
      again.hidden = false;
      range.oninput();
    }

    range.oninput = function () {
      out.textContent = number(range.value);
      range.setAttribute("aria-valuetext", number(range.value));
    };
    form.onsubmit = function (event) {
      event.preventDefault();
      memory(key, range.value);
      reveal(range.value);
      again.focus();
    };
    again.onclick = function () { memory(key, null); ask(); range.focus(); };
    ask();
    var before = memory(key);
    if (before !== null) { range.value = before; reveal(before); }
  };
})();
