/* A checkpoint of the book in a page: tokenizer, decoder with a cache, and
   the exact reader. No framework, no modules, no fetch: it runs from disk.
   Weights come in scripts of their own, loaded when a figure is first seen;
   each calls PSM.model({...}). Parity with Python: tests/test_live.py. */
(function (root) {
  "use strict";
  if (root.PSM && root.PSM.Net) return;

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

  function Net(spec) {
    // spec: {config, vocab: [token], tensors: [[name, size]], weights: base64}
    var all = halves(spec.weights), at = 0, t = (this.t = {});
    spec.tensors.forEach(function (entry) {
      t[entry[0]] = all.subarray(at, (at += entry[1]));
    });
    this.c = spec.config;
    this.vocab = spec.vocab;
    this.id = new Map(spec.vocab.map(function (w, i) { return [w, i]; }));
    this.seen = []; // token ids in the cache
    this.keys = [];
    this.values = [];
    for (var l = 0; l < this.c.layers; l++) {
      this.keys.push(new Float32Array(this.c.context * this.c.width));
      this.values.push(new Float32Array(this.c.context * this.c.width));
    }
    this.final = null; // the last position's hidden state
  }

  Net.prototype.encode = function (text) {
    // The ids of a text, <s> first; a word that is not known is <unk>.
    var found = text.match(/ ?[A-Za-z']+| ?[0-9]+|[^\sA-Za-z0-9]|\s/g) || [];
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

  Net.prototype.read = function (text) {
    // The logits after a text; what it shares with the last one is kept.
    var ids = this.encode(text), same = 0;
    while (same < ids.length - 1 && ids[same] === this.seen[same]) same++;
    this.seen.length = same;
    for (var i = same; i < ids.length; i++) this.push(ids[i]);
    return affine(
      new Float32Array(this.vocab.length), this.final, 0,
      this.t.embed, null, this.vocab.length, this.c.width
    );
  };

  Net.prototype.opens = function (text, openings) {
    // P of each group of first words after a text: [[" No", ...], ...].
    var p = softmax(this.read(text)), id = this.id;
    return openings.map(function (group) {
      return group.reduce(function (sum, w) { return sum + p[id.get(w)]; }, 0);
    });
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

  // What a page holds -------------------------------------------------------

  var specs = {}, nets = {}, waiting = {};

  Object.assign(root.PSM = root.PSM || {}, {
    Net: Net,
    Reader: Reader,
    softmax: softmax,
    model: function (spec) {
      if (nets[spec.name]) return;
      specs[spec.name] = spec;
      (waiting[spec.name] || []).forEach(function (f) { f(); });
      delete waiting[spec.name];
    },
    load: function (name, source, then, fail) {
      // Calls then(net) once; source is the script that holds the weights.
      // If it cannot be had, fail().
      function ready() {
        if (!nets[name]) {
          nets[name] = new Net(specs[name]);
          delete specs[name];
        }
        then(nets[name]);
      }
      if (nets[name] || specs[name]) return ready();
      if (waiting[name]) return waiting[name].push(ready);
      waiting[name] = [ready];
      var script = document.createElement("script");
      script.src = source;
      script.onerror = function () { delete waiting[name]; fail(); };
      document.head.appendChild(script);
    },
  });
})(window);
