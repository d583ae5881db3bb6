/* Predict, then see: a guess by slider, or one of a few options, and then what
   was measured. The guess stays in this browser and goes nowhere. Without
   scripts the answer lies in a box that opens. */
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

  // Both kinds: what is asked first, the guess as text, a guess put back (is
  // it one?), and what is shown of it beside the answer.

  function slider(d, form, box) {
    var range = form.querySelector("input");
    var out = form.querySelector("output"), mine = box.querySelector("u");

    function number(x) { return Number(x).toFixed(d.digits); }

    range.oninput = function () {
      out.textContent = number(range.value);
      range.setAttribute("aria-valuetext", number(range.value));
    };
    return {
      first: range,
      ask: function () { range.oninput(); },
      value: function () { return range.value; },
      restore: function (value) { range.value = value; return true; },
      reveal: function (value) {
        mine.style.left = 100 * (value - d.low) / (d.high - d.low) + "%";
        mine.hidden = false;
        return "You said " + number(value) + " (dotted). ";
      },
    };
  }

  function choice(d, form, box, asked) {
    var radios = Array.from(form.querySelectorAll("input"));
    var told = box.querySelector(".psm-told"), answer = told.textContent;
    return {
      first: radios[0],
      ask: function () { asked.hidden = true; form.reset(); },
      value: function () {
        return radios.findIndex(function (r) { return r.checked; });
      },
      restore: function (value) {
        if (radios[value]) radios[value].checked = true;
        return Boolean(radios[value]);
      },
      reveal: function (value) {
        asked.hidden = false;
        var right = Number(value) === d.answer;
        told.textContent = right ? "That is right." : answer;
        return "You said: " + d.options[value] + ". ";
      },
    };
  }

  window.PSM.guess = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var key = "psm-guess-" + figure.id, form = figure.querySelector("form");
    var box = figure.querySelector("details");
    var said = box.querySelector(".psm-mine");
    var again = box.querySelector("button");
    var asked = figure.querySelector(".psm-asked");
    var kind = (d.options ? choice : slider)(d, form, box, asked);
    said.parentNode.tabIndex = -1; // to be read out when it appears

    function reveal(value) {
      said.textContent = kind.reveal(value);
      box.hidden = false;
      box.open = true;
      form.hidden = true;
    }

    function ask() {
      form.hidden = false;
      box.hidden = true;
      again.hidden = false;
      kind.ask();
    }

    form.onsubmit = function (event) {
      event.preventDefault();
      memory(key, kind.value());
      reveal(kind.value());
      said.parentNode.focus();
    };
    again.onclick = function () {
      memory(key, null);
      ask();
      kind.first.focus();
    };
    ask();
    var before = memory(key);
    if (before !== null && kind.restore(before)) reveal(before);
  };
})();
