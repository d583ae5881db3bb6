/* Name the speaker: speeches that nobody was trained on, four names each.
   The reader guesses, then sees who it was and what two machines said. */
(function () {
  "use strict";
  window.PSM = window.PSM || {};
  if (window.PSM.speaker) return;

  window.PSM.speaker = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var live = figure.querySelector(".psm-speaker"), at = 0;
    var score = { you: 0, network: 0, "bag of words": 0 };
    figure.querySelector(".psm-still").hidden = true;
    live.hidden = false;

    function put(tag, text, attributes) {
      var e = document.createElement(tag);
      e.textContent = text || "";
      Object.keys(attributes || {}).forEach(function (k) {
        e.setAttribute(k, attributes[k]);
      });
      return live.appendChild(e);
    }

    var where = put("p"), text = put("blockquote");
    var row = put("div"), told = put("p", "", { "aria-live": "polite" });
    var next = put("button", "next speech", { type: "button" });
    var sum = put("p", "", { class: "psm-key" });
    next.onclick = function () {
      at = (at + 1) % d.rounds.length;
      if (at === 0) {
        Object.keys(score).forEach(function (k) { score[k] = 0; });
        sum.textContent = "";
      }
      ask();
      row.querySelector("button").focus();
    };

    function ask() {
      var r = d.rounds[at];
      where.textContent = r.play + ", speech " + (at + 1) + " of " +
        d.rounds.length;
      text.textContent = r.text;
      told.textContent = "Who says this?";
      next.hidden = true;
      row.textContent = "";
      r.names.forEach(function (name, i) {
        var b = row.appendChild(document.createElement("button"));
        b.type = "button";
        b.textContent = name;
        b.onclick = function () { answer(i); };
      });
    }

    function answer(i) {
      var r = d.rounds[at];
      [["you", i], ["network", r.network], ["bag of words", r.bag]].forEach(
        function (pair) { score[pair[0]] += pair[1] === r.right; }
      );
      row.querySelectorAll("button").forEach(function (b) {
        b.disabled = true;
      });
      told.textContent = (i === r.right ? "Yes, " : "No, it is ") +
        r.names[r.right] + ". The network says " + r.names[r.network] +
        ", the bag of words " + r.names[r.bag] + ".";
      sum.textContent = Object.keys(score).map(function (k) {
        return k + " " + score[k];
      }).join(", ") + " of " + (at + 1) + " right (chance: one in four)";
      next.textContent = at + 1 < d.rounds.length ? "next speech" : "play again";
      next.hidden = false;
      next.focus();
    }

    ask();
  };
})();
