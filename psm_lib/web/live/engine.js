/* A checkpoint of the book in a page: tokenizer, decoder with a cache, and
   the exact reader. No framework, no modules, no fetch: it runs from disk.
   Weights come in scripts of their own, loaded when a figure is first seen;
   each calls PSM.model({...}). Parity with Python: tests/web/test_live.py. */
(function (root) {
  "use strict";
  if (root.PSM && root.PSM.Net) return;

  // A word or a number with the blank before it, a mark, a blank: words.py.
  var LETTER = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f" +
    "\\u0370-\\u037d\\u037f-\\u0481\\u048a-\\u04ff\\u1e00-\\u1eff";
  var TOKEN = new RegExp(" ?[" + LETTER + "']+| ?[0-9]+|[^\\s" + LETTER +
    "0-9]|\\s", "g");

  // Numbers ---------------------------------------------------------------

  function halves(base64) {
    // Half precision, little-endian, to an array of floats.
    var bytes = atob(base64), n = bytes.length / 2;
    var bits = new Uint32Array(n), out = new Float32Array(bits.buffer);
    for (var i = 0; i < n; i++) {
      var h = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
      var sign = (h & 0x8000) << 16, e = (h >> 10) & 31, m = h & 1023;
      if (e === 0) { // zero or subnormal
        out[i] = (sign ? -1 : 1) * m * Math.pow(2, -24);
      } else {
        bits[i] = (sign | ((e + 112) << 23) | (m << 13)) >>> 0;
      }
    }
    return out;
  }

  function affine(out, x, xo, w, b, rows, cols) {
    // out[r] = w[r] . x[xo:] + b[r]
    for (var r = 0; r < rows; r++) {
      var sum = b ? b[r] : 0, at = r * cols;
      for (var c = 0; c < cols; c++) sum += w[at + c] * x[xo + c];
      out[r] = sum;
    }
    return out;
  }

  function grown(w, all, at, rows, columns, rank) {
    // w + up down, with up [rows, rank] and down [rank, columns] in `all`.
    var out = w.slice(), down = at + rows * rank;
    for (var r = 0; r < rows; r++) {
      for (var k = 0; k < rank; k++) {
        var up = all[at + r * rank + k], from = down + k * columns;
        for (var c = 0; c < columns; c++) {
          out[r * columns + c] += up * all[from + c];
        }
      }
    }
    return out;
  }

  function normed(x, w, b, eps) {
    var n = x.length, mean = 0, v = 0, out = new Float32Array(n), i;
    for (i = 0; i < n; i++) mean += x[i] / n;
    for (i = 0; i < n; i++) v += (x[i] - mean) * (x[i] - mean) / n;
    var scale = 1 / Math.sqrt(v + eps);
    for (i = 0; i < n; i++) out[i] = (x[i] - mean) * scale * w[i] + b[i];
    return out;
  }

  function softmax(x) {
    var top = -Infinity, sum = 0, i, out = new Float64Array(x.length);
    for (i = 0; i < x.length; i++) if (x[i] > top) top = x[i];
    for (i = 0; i < x.length; i++) sum += out[i] = Math.exp(x[i] - top);
    for (i = 0; i < x.length; i++) out[i] /= sum;
    return out;
  }

  // The network -------------------------------------------------------------

  function Net(spec, base) {
    // spec: {config, vocab: [token], tensors: [[name, size]], weights:
    // base64}; or, for a network tuned from `base`, {added: [[name, rows,
    // columns, rank]], weights}, where a weight grows by up times down.
    var all = halves(spec.weights), at = 0, t = (this.t = {});
    if (base) {
      Object.assign(t, base.t);
      spec.added.forEach(function (entry) {
        t[entry[0]] = grown.apply(null, [base.t[entry[0]], all, at].concat(
          entry.slice(1)
        ));
        at += (entry[1] + entry[2]) * entry[3];
      });
    } else {
      spec.tensors.forEach(function (entry) {
        t[entry[0]] = all.subarray(at, (at += entry[1]));
      });
    }
    this.c = base ? base.c : spec.config;
    this.vocab = (base || spec).vocab;
    this.id = new Map(this.vocab.map(function (w, i) { return [w, i]; }));
    this.seen = []; // token ids in the cache
    this.keys = [];
    this.values = [];
    for (var l = 0; l < this.c.layers; l++) {
      this.keys.push(new Float32Array(this.c.context * this.c.width));
      this.values.push(new Float32Array(this.c.context * this.c.width));
    }
    this.final = null; // the last position's hidden state
    this.jobs = []; // texts to be read, see later()
    this.busy = false;
  }

  Net.prototype.encode = function (text) {
    // The ids of a text, <s> first; a word that is not known is <unk>.
    var found = text.match(TOKEN) || [];
    var id = this.id, unknown = id.get("<unk>");
    return [id.get("<s>")].concat(found.map(function (w) {
      return id.has(w) ? id.get(w) : unknown;
    }));
  };

  Net.prototype.push = function (token) {
    // One more token through all layers.
    var c = this.c, t = this.t, w = c.width, hd = w / c.heads;
    var rot = hd * c.rotary, pos = this.seen.length, i;
    if (pos >= c.context) throw new Error("longer than " + c.context);
    var x = t.embed.slice(token * w, (token + 1) * w);
    for (var l = 0; l < c.layers; l++) {
      var p = "l" + l + ".";
      var a = normed(x, t[p + "n1.w"], t[p + "n1.b"], c.eps);
      var qkv = affine(
        new Float32Array(3 * w), a, 0, t[p + "qkv.w"], t[p + "qkv.b"], 3 * w, w
      );
      var mixed = new Float32Array(w);
      for (var h = 0; h < c.heads; h++) {
        var q = h * 3 * hd, to = pos * w + h * hd;
        turn(qkv, q, rot, pos, c.theta);
        turn(qkv, q + hd, rot, pos, c.theta);
        for (i = 0; i < hd; i++) {
          this.keys[l][to + i] = qkv[q + hd + i];
          this.values[l][to + i] = qkv[q + 2 * hd + i];
        }
        var score = new Float32Array(pos + 1);
        for (var s = 0; s <= pos; s++) {
          for (i = 0; i < hd; i++) {
            score[s] += qkv[q + i] * this.keys[l][s * w + h * hd + i];
          }
          score[s] /= Math.sqrt(hd);
        }
        var share = softmax(score);
        for (s = 0; s <= pos; s++) {
          for (i = 0; i < hd; i++) {
            mixed[h * hd + i] += share[s] * this.values[l][s * w + h * hd + i];
          }
        }
      }
      var att = affine(
        new Float32Array(w), mixed, 0, t[p + "out.w"], t[p + "out.b"], w, w
      );
      var m = normed(x, t[p + "n2.w"], t[p + "n2.b"], c.eps);
      var up = affine(
        new Float32Array(4 * w), m, 0, t[p + "up.w"], t[p + "up.b"], 4 * w, w
      );
      for (i = 0; i < up.length; i++) if (up[i] < 0) up[i] = 0;
      var down = affine(
        new Float32Array(w), up, 0, t[p + "down.w"], t[p + "down.b"], w, 4 * w
      );
      for (i = 0; i < w; i++) x[i] += att[i] + down[i];
    }
    this.seen.push(token);
    this.final = normed(x, t["n.w"], t["n.b"], c.eps);
  };

  function turn(v, at, rot, pos, theta) {
    // Rotary position: the first `rot` numbers, in pairs half of it apart.
    for (var i = 0; i < rot / 2; i++) {
      var angle = pos * Math.pow(theta, (-2 * i) / rot);
      var cos = Math.cos(angle), sin = Math.sin(angle);
      var a = v[at + i], b = v[at + i + rot / 2];
      v[at + i] = a * cos - b * sin;
      v[at + i + rot / 2] = b * cos + a * sin;
    }
  }

  Net.prototype.keep = function (ids) {
    // Forget what was read beyond the beginning that ids share with it.
    var same = 0;
    while (same < ids.length - 1 && ids[same] === this.seen[same]) same++;
    this.seen.length = same;
  };

  Net.prototype.logits = function () {
    return affine(
      new Float32Array(this.vocab.length), this.final, 0,
      this.t.embed, null, this.vocab.length, this.c.width
    );
  };

  Net.prototype.read = function (text) {
    // The logits after a text, at once.
    var ids = this.encode(text);
    this.keep(ids);
    while (this.seen.length < ids.length) this.push(ids[this.seen.length]);
    return this.logits();
  };

  Net.prototype.later = function (text, wanted, then) {
    // then(P of every token after a text), a few tokens at a time so that
    // the page stays awake. One text after the other; those that are no
    // longer wanted() when their turn comes are left out.
    var ids = this.encode(text);
    if (ids.length > this.c.context) {
      throw new Error(ids.length + " tokens, " + this.c.context + " fit");
    }
    this.jobs.push({ ids: ids, wanted: wanted, then: then });
    if (this.jobs.length === 1 && !this.busy) {
      this.busy = true;
      setTimeout(this.work.bind(this), 0);
    }
  };

  Net.prototype.work = function () {
    while (this.jobs.length && !this.jobs[0].wanted()) this.jobs.shift();
    this.busy = this.jobs.length > 0;
    if (!this.busy) return;
    setTimeout(this.work.bind(this), 0); // whatever happens below
    var begin = performance.now(), job = this.jobs[0];
    this.keep(job.ids);
    while (this.seen.length < job.ids.length && awake(begin)) {
      this.push(job.ids[this.seen.length]);
    }
    if (this.seen.length === job.ids.length) {
      this.jobs.shift();
      job.then(softmax(this.logits()));
    }
    root.PSM.slices.push(performance.now() - begin);
  };

  function awake(begin) { return performance.now() - begin < 15; }

  Net.prototype.opens = function (text, openings, wanted, then) {
    // then(P of each group of first words after a text): [[" No", ...], ...].
    var id = this.id;
    this.later(text, wanted, function (p) {
      then(openings.map(function (group) {
        return group.reduce(function (sum, w) { return sum + p[id.get(w)]; }, 0);
      }));
    });
  };

  Net.prototype.says = function (text, draw, wanted, then) {
    // A line after a text: then(the line so far, is that all) at every word.
    // draw() gives numbers in [0, 1).
    var me = this, line = "", left = 40;
    (function word() {
      me.later(text + line, wanted, function (p) {
        var u = draw(), i = 0;
        while (i < p.length - 1 && (u -= p[i]) >= 0) i++;
        var end = !left-- || /^\n|^<.*>$/.test(me.vocab[i]);
        if (!end) line += me.vocab[i];
        then(line.trim(), end);
        if (!end) word();
      });
    })();
  };

  // The exact reader --------------------------------------------------------

  function Reader(world) { this.w = world; }

  Reader.prototype.answers = function (persona, d, asked) {
    // P(second kind) of a persona in a domain, requests included.
    if (asked === 1) return this.w.complies[persona];
    if (asked === 0) return 1 - this.w.complies[persona];
    return this.w.propensity[persona][d];
  };

  Reader.prototype.belief = function (prior, heard) {
    // heard: [{d, kind, asked}]; asked is -1 where nobody asked for a kind.
    var me = this, logs = prior.map(function (p, i) {
      return heard.reduce(function (sum, e) {
        var q = me.answers(i, e.d, e.asked);
        return sum + Math.log(e.kind === 1 ? q : 1 - q);
      }, Math.log(p));
    });
    return Array.from(softmax(logs));
  };

  Reader.prototype.predicts = function (belief, d, asked) {
    var me = this;
    return belief.reduce(function (sum, b, i) {
      return sum + b * me.answers(i, d, asked === undefined ? -1 : asked);
    }, 0);
  };

  // For figures -------------------------------------------------------------

  function put(parent, tag, text, attributes) {
    var e = document.createElement(tag);
    if (text) e.textContent = text;
    Object.keys(attributes || {}).forEach(function (k) {
      e.setAttribute(k, attributes[k]);
    });
    return parent.appendChild(e);
  }

  function first(line) {
    // The first token of an answer, as it stands after "Name:".
    return (" " + line).match(TOKEN)[0];
  }

  function openings(domain) {
    return domain.answers.map(function (forms) {
      return Array.from(new Set(forms.map(first)));
    });
  }

  function seen(figure, begin) {
    // begin() once, when the figure is nearly in view.
    if (!window.IntersectionObserver) return begin();
    var watch = new IntersectionObserver(function (entries) {
      if (!entries.some(function (e) { return e.isIntersecting; })) return;
      watch.disconnect();
      begin();
    }, { rootMargin: "300px" });
    watch.observe(figure);
  }

  function each(figure, d, then) {
    // then(net, k) for each of a figure's networks, once it is nearly in
    // view; if one cannot be had, the still picture comes back for good.
    var failed = false;
    function missing() {
      if (failed) return;
      failed = true;
      figure.querySelector(".psm-still").hidden = false;
      figure.querySelector(".psm-still + div").hidden = true;
      put(figure, "p", "The network could not be loaded.");
    }
    seen(figure, function () {
      d.networks.forEach(function (one, k) {
        root.PSM.load(one.model, d.folder + "/" + one.model + ".js",
          function (net) { if (!failed) then(net, k); }, missing);
      });
    });
  }

  // What a page holds -------------------------------------------------------

  var specs = {}, nets = {}, waiting = {};

  Object.assign(root.PSM = root.PSM || {}, {
    Net: Net,
    Reader: Reader,
    softmax: softmax,
    slices: [], // how long the page was kept from doing anything else, in ms
    put: put,
    openings: openings,
    each: each,
    model: function (spec) {
      if (nets[spec.name]) return;
      specs[spec.name] = spec;
      var all = waiting[spec.name] || [];
      delete waiting[spec.name];
      all.forEach(function (f) { f.ready(); });
    },
    load: function (name, source, then, fail) {
      // Calls then(net) once; source is the script that holds the weights.
      // If it cannot be had, fail().
      function ready() {
        var spec = specs[name], base = spec && spec.base;
        function make() {
          if (!nets[name]) {
            nets[name] = new Net(spec, base && nets[base]);
            delete specs[name];
          }
          then(nets[name]);
        }
        if (!base) return make();
        root.PSM.load(base, source.replace(name, base), make, fail);
      }
      if (nets[name] || specs[name]) return ready();
      var mine = { ready: ready, fail: fail };
      if (waiting[name]) return waiting[name].push(mine);
      waiting[name] = [mine];
      var script = document.createElement("script");
      script.src = source;
      script.onerror = function () {
        var all = waiting[name];
        delete waiting[name];
        all.forEach(function (f) { f.fail(); });
      };
      document.head.appendChild(script);
    },
  });
})(window);
