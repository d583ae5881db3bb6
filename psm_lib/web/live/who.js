/* Who is speaking? A dialogue that the reader writes, and what a network and
   the exact reader make of the speaker. Needs engine.js. */
(function (PSM) {
  "use strict";
  if (!PSM || PSM.who) return;

  var put = PSM.put, openings = PSM.openings;

  function implied(world, tables, pairs, steps) {
    // The mixture of personas that explains pairs of answers best, by
    // expectation-maximisation, as psm_lib.implied does.
    var P = world.personas.length, w = new Array(P).fill(1 / P);
    var cells = pairs.map(function (pair) {
      return world.propensity.map(function (row) {
        var a = row[pair[0]], b = row[pair[1]];
        return [(1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b];
      });
    });
    for (var s = 0; s < steps; s++) {
      var next = new Array(P).fill(0);
      for (var m = 0; m < pairs.length; m++) {
        for (var k = 0; k < 4; k++) {
          var mixed = 0, i;
          for (i = 0; i < P; i++) mixed += w[i] * cells[m][i][k];
          if (mixed > 0) {
            var ratio = tables[m][k] / mixed / pairs.length;
            for (i = 0; i < P; i++) next[i] += w[i] * cells[m][i][k] * ratio;
          }
        }
      }
      w = next;
    }
    return w;
  }

  PSM.implied = implied;
  PSM.who = function (figure) {
    if (figure.dataset.on) return;
    figure.dataset.on = 1;
    var d = JSON.parse(
      figure.querySelector('script[type="application/json"]').textContent
    );
    var world = d.world, reader = new PSM.Reader(world), nets = [], turn = 0;
    var heard = [], texts = []; // what was said so far
    var question = ""; // that is asked next
    var live = figure.querySelector(".psm-who");
    var still = figure.querySelector(".psm-still");
    still.hidden = true;
    live.hidden = false;

    var row = put(live, "div", "", { class: "psm-row" });
    var which = choose(row, "Network ", d.networks.map(function (n) {
      return n.label;
    }));
    which.selectedIndex = d.first;
    if (d.networks.length < 2) which.parentNode.hidden = true;
    var who = choose(row, "Character ", d.names);
    var about = choose(row, "Ask about ", world.domains.map(function (x) {
      return x.name;
    }));
    about.selectedIndex = d.about;
    var asks = put(live, "p", "", { class: "psm-said" });
    row = put(live, "div", "", { class: "psm-row" });
    var say = [0, 1].map(function (kind) {
      var b = put(row, "button", "", { type: "button" });
      b.onclick = function () { add(kind, b.dataset.line); };
      return b;
    });
    row = put(live, "div", "", { class: "psm-row" });
    var undo = put(row, "button", "take back", { type: "button" });
    var clear = put(row, "button", "start again", { type: "button" });
    var talk = put(live, "ol", "", { class: "psm-talk" });
    var next = put(live, "p", "", { "aria-live": "polite" });
    var table = put(live, "table"), head = put(put(table, "thead"), "tr");
    ["", "", "network", "exact"].forEach(function (title) {
      put(head, title ? "th" : "td", title, title ? { scope: "col" } : {});
    });
    table = put(table, "tbody");
    var lines = world.personas.map(function (p) {
      var tr = put(table, "tr");
      put(tr, "th", p, { scope: "row" });
      var bar = put(put(tr, "td", "", { class: "psm-track" }), "div", "", {
        class: "psm-bar",
      });
      return [put(bar, "i"), put(bar, "b"), put(tr, "td"), put(tr, "td")];
    });
    put(live, "p", d.key, { class: "psm-key" });

    function choose(parent, text, options) {
      var s = put(put(parent, "label", text), "select");
      options.forEach(function (o) { put(s, "option", o); });
      s.onchange = show;
      return s;
    }

    function line(forms) { return forms[heard.length % forms.length]; }

    function domain() { return world.domains[about.selectedIndex]; }

    function name() { return d.names[who.selectedIndex]; }

    function asked(text) {
      return d.user + ": " + text + "\n" + name() + ":";
    }

    function before() {
      return texts.map(function (t) {
        return asked(t[0]) + " " + t[1] + "\n";
      }).join("");
    }

    function add(kind, answer) {
      heard.push({ d: about.selectedIndex, kind: kind, asked: -1 });
      texts.push([question, answer]);
      show();
      if (heard.length >= d.longest) undo.focus();
    }

    function show() {
      var x = domain(), mine = ++turn;
      question = line(x.questions);
      asks.textContent = d.user + ": " + question;
      say.forEach(function (b, kind) {
        b.dataset.line = line(x.answers[kind]);
        b.textContent = "“" + b.dataset.line + "”";
      });
      var full = heard.length >= d.longest;
      say.forEach(function (b) { b.disabled = full; });
      undo.disabled = clear.disabled = !heard.length;
      talk.textContent = "";
      texts.forEach(function (t) {
        var li = put(talk, "li", t[0] + " ");
        put(li, "em", t[1]);
      });
      var k = which.selectedIndex, net = nets[k];
      var prior = d.networks[k].mixtures[who.selectedIndex];
      var exact = reader.belief(prior, heard);
      exact.forEach(function (p, i) {
        lines[i][1].style.left = 100 * p + "%";
        lines[i][2].textContent = ""; // until the network has answered
        lines[i][3].textContent = p.toFixed(2);
      });
      var second = reader.predicts(exact, about.selectedIndex);
      var text = "To this question the exact reader expects a " + x.kinds[1] +
        " answer with probability " + second.toFixed(2);
      next.textContent = text + ".";
      delete figure.dataset.found;
      live.setAttribute("aria-busy", "true");
      if (!net) return;
      function wanted() { return mine === turn; }
      net.opens(before() + asked(question), openings(x), wanted, function (p) {
        next.textContent = text + ", the network with " +
          norm(p)[1].toFixed(2) + ".";
        follow(net, before(), wanted);
      });
    }

    function follow(net, history, wanted) {
      // Pair after pair: one question, then the other after both answers.
      var tables = [];
      (function step() {
        if (tables.length === d.pairs.length) {
          var w = implied(world, tables, d.pairs, d.steps);
          w.forEach(function (p, i) {
            lines[i][0].style.width = 100 * p + "%";
            lines[i][2].textContent = p.toFixed(2);
          });
          live.removeAttribute("aria-busy");
          figure.dataset.found = JSON.stringify(w);
          return;
        }
        var pair = d.pairs[tables.length].map(function (i) {
          return world.domains[i];
        });
        var start = history + asked(pair[0].questions[0]), cells = [];
        function second(a, kind) {
          var then = start + " " + pair[0].answers[kind][0] + "\n" +
            asked(pair[1].questions[0]);
          net.opens(then, openings(pair[1]), wanted, function (p) {
            var b = norm(p);
            cells.push(a[kind] * b[0], a[kind] * b[1]);
            if (!kind) return second(a, 1);
            tables.push(cells);
            step();
          });
        }
        net.opens(start, openings(pair[0]), wanted, function (p) {
          second(norm(p), 0);
        });
      })();
    }

    function norm(p) { return [p[0] / (p[0] + p[1]), p[1] / (p[0] + p[1])]; }

    undo.onclick = function () {
      heard.pop();
      texts.pop();
      show();
      if (undo.disabled) say[0].focus();
    };
    clear.onclick = function () {
      heard = [];
      texts = [];
      show();
      say[0].focus();
    };
    show();

    PSM.each(figure, d, function (net, k) {
      nets[k] = net;
      if (k === which.selectedIndex) show();
    });
  };
})(window.PSM);
