/* An interview: networks before and after it, asked about everything at
   once, beside the exact learner; and what they say, word by word. Needs
   engine.js. */
(function (PSM) {
  "use strict";
  if (!PSM || PSM.interview) return;
  var put = PSM.put;

  PSM.interview = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var world = d.world, reader = new PSM.Reader(world);
    var nets = [], turn = 0, about = d.domains[0], again = 0;
    var heard = 0; // how often somebody was asked to speak
    var live = figure.querySelector(".psm-interview");
    var still = figure.querySelector(".psm-still");
    still.hidden = true;
    live.hidden = false;

    var row = put(live, "div", "", { class: "psm-row" });
    var which = choose("Network ", d.networks);
    which.selectedIndex = d.first;
    var who = choose("Asked of ", d.names.map(function (n) {
      return { label: n };
    }));
    var before = choose("Before the question ", d.starts);
    if (d.networks.length < 2) which.parentNode.hidden = true;
    if (d.starts.length < 2) before.parentNode.hidden = true;
    var table = put(live, "table"), head = put(put(table, "thead"), "tr");
    ["", "", "network", "exact"].forEach(function (title) {
      put(head, title ? "th" : "td", title, title ? { scope: "col" } : {});
    });
    table = put(table, "tbody");
    var lines = d.domains.map(function (i) {
      var x = world.domains[i], tr = put(table, "tr");
      if (d.breaks.indexOf(i) >= 0) tr.className = "psm-first";
      var b = put(put(tr, "th", "", { scope: "row" }), "button", x.name, {
        type: "button", class: "psm-plain",
        title: "hear an answer about " + x.name,
      });
      b.onclick = function () { about = i; again++; hear(true); };
      var bar = put(put(tr, "td", "", { class: "psm-track" }), "div", "", {
        class: "psm-bar",
      });
      return [put(bar, "i"), put(bar, "b"), put(tr, "td"), put(tr, "td"), b];
    });
    var said = put(live, "blockquote");
    put(live, "p", d.key + " Press the name of a domain to hear an answer.", {
      class: "psm-key",
    });

    function choose(text, options) {
      var s = put(put(row, "label", text), "select");
      options.forEach(function (o) { put(s, "option", o.label); });
      s.onchange = show;
      return s;
    }

    function prompt(question) {
      return d.user + ": " + d.starts[before.selectedIndex].text + question +
        "\n" + d.names[who.selectedIndex] + ":";
    }

    function hear(aloud) {
      // Screen readers are told only what was asked for.
      said.setAttribute("aria-live", aloud ? "polite" : "off");
      var net = nets[which.selectedIndex], x = world.domains[about];
      var mine = ++heard;
      lines.forEach(function (l, j) {
        l[4].setAttribute("aria-pressed", d.domains[j] === about);
      });
      var asked = prompt(x.questions[again % x.questions.length]).split("\n");
      said.textContent = "";
      said.setAttribute("aria-busy", "true"); // to be read out when complete
      put(said, "p", asked[0]);
      var line = put(put(said, "p", asked[1] + " "), "em");
      if (!net) return;
      net.says(asked.join("\n"), Math.random, function () {
        return mine === heard;
      }, function (text, end) {
        line.textContent = text;
        if (end) said.removeAttribute("aria-busy");
      });
    }

    function show() {
      var k = which.selectedIndex, start = d.starts[before.selectedIndex];
      var mine = ++turn;
      var belief = d.networks[k].mixtures[who.selectedIndex];
      d.domains.forEach(function (i, j) {
        var asked = start.group === world.domains[i].group ? start.kind : -1;
        var p = reader.predicts(belief, i, asked);
        lines[j][1].style.left = 100 * p + "%";
        lines[j][2].textContent = ""; // until the network has answered
        lines[j][3].textContent = p.toFixed(2);
      });
      delete figure.dataset.found;
      heard++; // nobody speaks while the network is asked
      live.setAttribute("aria-busy", "true");
      if (!nets[k]) return;
      var sums = d.domains.map(function () { return 0; });
      function wanted() { return mine === turn; }
      (function step(n) {
        var j = n % d.domains.length, x = world.domains[d.domains[j]];
        var wording = Math.floor(n / d.domains.length);
        if (wording === d.wordings) {
          live.removeAttribute("aria-busy");
          figure.dataset.found = JSON.stringify(sums.map(function (s, i) {
            var asked = world.domains[d.domains[i]].questions.length;
            return s / Math.min(wording, asked);
          }));
          hear(false);
          return;
        }
        if (wording >= x.questions.length) return step(n + 1);
        nets[k].opens(prompt(x.questions[wording]), PSM.openings(x), wanted,
          function (p) {
            sums[j] += p[1] / (p[0] + p[1]);
            var mean = sums[j] / (wording + 1);
            lines[j][0].style.width = 100 * mean + "%";
            lines[j][2].textContent = mean.toFixed(2);
            step(n + 1);
          });
      })(0);
    }

    show();
    PSM.each(figure, d, function (net, k) {
      nets[k] = net;
      if (k === which.selectedIndex) show();
    });
  };
})(window.PSM);
