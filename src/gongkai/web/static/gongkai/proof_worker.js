/* The proof of work (ALTCHA v1: the number whose SHA-256 with the salt is the challenge), off the page's thread. SHA-256 is written out,
   because browsers offer theirs on https and localhost only, and intranets serve plain http. */
"use strict";
(function () {
  var K = new Uint32Array(64), START = new Uint32Array(8), found = 0, n = 2;
  while (found < 64) {
    var prime = true;
    for (var f = 2; f * f <= n; f++) if (n % f === 0) { prime = false; break; }
    if (prime) {
      if (found < 8) START[found] = (Math.sqrt(n) % 1) * 4294967296;
      K[found++] = (Math.cbrt(n) % 1) * 4294967296;
    }
    n++;
  }

  function sha256(bytes) {
    var length = bytes.length, blocks = ((length + 8) >> 6) + 1, padded = new Uint8Array(blocks * 64);
    padded.set(bytes); padded[length] = 128;
    var view = new DataView(padded.buffer), state = START.slice(), w = new Uint32Array(64);
    view.setUint32(padded.length - 4, length * 8);
    for (var block = 0; block < blocks; block++) {
      for (var i = 0; i < 64; i++) {
        if (i < 16) { w[i] = view.getUint32(block * 64 + i * 4); continue; }
        var x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], g = state[5], h = state[6], k = state[7];
      for (var j = 0; j < 64; j++) {
        var one = (k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & g) ^ (~e & h)) + K[j] + w[j]) | 0;
        var two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        k = h; h = g; g = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += g; state[6] += h; state[7] += k;
    }
    return Array.prototype.map.call(state, function (part) { return ("0000000" + part.toString(16)).slice(-8); }).join("");
  }

  self.onmessage = function (event) {
    var asked = event.data, encoder = new TextEncoder();
    for (var number = 0; number <= asked.maxnumber; number++) {
      if (sha256(encoder.encode(asked.salt + number)) === asked.challenge) { self.postMessage(number); return; }
    }
    self.postMessage(-1);
  };
})();
