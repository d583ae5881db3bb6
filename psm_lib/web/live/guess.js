/* Predict, then see: a guess by slider, or one of a few options, and then what
   was measured. The guess stays in this browser and goes nowhere. Without
   scripts there is a question, and the answer in a box that opens: all that
   can be pressed is made here. */
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

  function put(parent, tag, text, attributes) {
    var e = document.createElement(tag);
    e.textContent = text || "";
    Object.keys(attributes || {}).forEach(function (k) {
      e.setAttribute(k, attributes[k]);
    });
    return parent.appendChild(e);
  }

  // Both kinds: what is asked first, the guess as text, a guess put back (is
  // it one?), and what is shown of it beside the answer.

  function slider(d, form, box) {
    var label = put(form, "label", "your guess ");
    var slide = put(label, "span", "", { class: "psm-slide" });
    var range = put(slide, "input", "", {
      type: "range", min: d.low, max: d.high, step: Math.pow(10, -d.digits),
      value: (d.low + d.high) / 2,
    });
    var scale = put(slide, "span", "", {
      class: "psm-scale", "aria-hidden": "true",
    });
    d.ends.forEach(function (end) { put(scale, "span", end); });
    var out = put(form, "output");
    var mine = put(box.querySelector(".psm-bar"), "u");

    function number(x) { return Number(x).toFixed(d.digits); }

    range.oninput = function () {
      out.textContent = number(range.value);
      range.setAttribute("aria-valuetext", number(range.value));
    };
    return {
      first: range,
      ask: function () { range.oninput(); mine.hidden = true; },
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
    var told = box.querySelector(".psm-told"), answer = told.textContent;
    var set = put(form, "fieldset");
    put(set, "legend", asked.querySelector("p").textContent);
    var radios = d.options.map(function (option, i) {
      var label = put(set, "label");
      var radio = put(label, "input", "", {
        type: "radio", name: "choice", value: i, required: "",
      });
      label.appendChild(document.createTextNode(option));
      return radio;
    });
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
    var key = "psm-guess-" + figure.dataset.name;
    var box = figure.querySelector("details");
    var asked = figure.querySelector(".psm-asked");
    var form = document.createElement("form");
    box.before(form);
    var kind = (d.options ? choice : slider)(d, form, box, asked);
    put(form, "button", "that is my guess", { type: "submit" });
    var told = box.querySelector(".psm-key");
    var said = document.createElement("span");
    told.prepend(said);
    told.append(" ");
    var again = put(told, "button", "guess again", { type: "button" });
    told.tabIndex = -1; // to be read out when it appears

    function reveal(value) {
      said.textContent = kind.reveal(value);
      box.hidden = false;
      box.open = true;
      form.hidden = true;
    }

    function ask() {
      form.hidden = false;
      box.hidden = true;
      kind.ask();
    }

    form.onsubmit = function (event) {
      event.preventDefault();
      memory(key, kind.value());
      reveal(kind.value());
      told.focus();
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
