/* The studio: a character that the reader makes up, one number a domain, and
   what an exact reader of the stories then expects of anybody. Needs
   engine.js. What a network makes of it needs a kernel. */
(function (PSM) {
  "use strict";
  if (!PSM || PSM.studio) return;
  var put = PSM.put;

  PSM.expects = function (d, row, share) {
    // P(second kind) in every domain, after post-training: psm_lib.studio.
    var all = d.propensity.concat([row]), part = share * d.part;
    var prior = d.prior.map(function (p) { return p * (1 - part); });
    var logs = prior.concat([part]).map(function (p, i) {
      return d.lesson.reduce(function (sum, said) {
        var q = all[i][said[0]];
        return sum + Math.log(said[1] ? q : 1 - q) * d.dose / d.lesson.length;
      }, Math.log(p));
    });
    var belief = PSM.softmax(logs);
    return row.map(function (_, j) {
      return belief.reduce(function (sum, b, i) {
        return sum + b * all[i][j];
      }, 0);
    });
  };

  PSM.studio = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var live = figure.querySelector(".psm-studio");
    figure.querySelector(".psm-still").hidden = true;
    live.hidden = false;

    var top = put(live, "div", "", { class: "psm-row" });
    var share = slide(put(top, "label", "share of the middle phase "),
      d.share, 0.01, 0.99, "");
    var shown = put(top, "output");
    var again = put(top, "button", "as it was", { type: "button" });
    var table = put(live, "table"), head = put(put(table, "thead"), "tr");
    ["", "yours", "", "with"].forEach(function (title) {
      put(head, title ? "th" : "td", title, title ? { scope: "col" } : {});
    });
    table = put(table, "tbody");
    var lines = d.domains.map(function (name, j) {
      var tr = put(table, "tr");
      if (d.breaks.indexOf(j) >= 0) tr.className = "psm-first";
      var title = put(tr, "th", name.split(":")[0], { scope: "row" });
      put(title, "span", ":" + name.split(":")[1], { class: "psm-wide" });
      var cell = put(tr, "td", "", { class: "psm-knob" });
      var knob = slide(cell, d.row[j], d.sure[0], d.sure[1], name);
      var value = put(cell, "span", "", { "aria-hidden": "true" });
      var bar = put(put(tr, "td", "", { class: "psm-track" }), "div", "", {
        class: "psm-bar",
      });
      var cells = [put(bar, "i"), put(bar, "u"), put(bar, "b"), put(tr, "td")];
      cells[1].style.left = 100 * d.without[j] + "%";
      return { knob: knob, value: value, cells: cells };
    });
    var key = put(live, "p", "", { class: "psm-key" });

    function slide(parent, value, low, high, name) {
      var input = put(parent, "input", "", {
        type: "range", min: low, max: high, step: 0.01,
      });
      if (name) input.setAttribute("aria-label", "your character, " + name);
      input.value = value;
      input.oninput = show;
      return input;
    }

    function show() {
      var row = lines.map(function (l) { return +l.knob.value; });
      var found = PSM.expects(d, row, +share.value);
      var start = +share.value === first[0] && row.every(function (p, j) {
        return p === first[j + 1];
      });
      var lamp = start && d.found;
      shown.textContent = (+share.value).toFixed(2);
      share.setAttribute("aria-valuetext", shown.textContent);
      found.forEach(function (p, j) {
        var cells = lines[j].cells, knob = lines[j].knob;
        knob.setAttribute("aria-valuetext", (+knob.value).toFixed(2));
        lines[j].value.textContent = (+knob.value).toFixed(2);
        cells[0].style.width = lamp ? 100 * d.found[j] + "%" : 0;
        cells[2].style.left = 100 * p + "%";
        cells[3].textContent = p.toFixed(2);
      });
      key.textContent = d.key + (lamp ? d.bars : d.kernel);
      again.disabled = start;
      figure.dataset.found = JSON.stringify(found);
    }

    again.onclick = function () {
      lines.forEach(function (l, j) { l.knob.value = d.row[j]; });
      share.value = d.share;
      show();
      share.focus();
    };
    // As the sliders have it, which know steps of a hundredth.
    var first = [+share.value].concat(lines.map(function (l) {
      return +l.knob.value;
    }));
    show();
  };
})(window.PSM);
