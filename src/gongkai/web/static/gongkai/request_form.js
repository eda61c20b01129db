/* The form of 依申请公开: what is public already while somebody types, and the proof of work. Without this file both are there: a button
   that looks, and a question in words. */
(function () {
  "use strict";
  var WAIT = 600;

  function prove(form) {
    var field = form.querySelector("[data-proof]"), question = form.querySelector("[data-question]"), status = form.querySelector("[data-proof-status]");
    if (!field || !question || !window.Worker || !window.TextEncoder) return;
    var challenge = JSON.parse(field.dataset.challenge), worker;
    function giveUp() { question.hidden = false; status.hidden = true; }
    try { worker = new Worker(form.dataset.worker); } catch (error) { return; }
    question.hidden = true; status.hidden = false;
    worker.onerror = giveUp;
    worker.onmessage = function (event) {
      worker.terminate();
      if (event.data < 0) { giveUp(); return; }
      field.value = btoa(JSON.stringify({ algorithm: challenge.algorithm, challenge: challenge.challenge, number: event.data, salt: challenge.salt, signature: challenge.signature }));
      status.textContent = "安全验证已完成。";
    };
    worker.postMessage(challenge);
  }

  function look(form) {
    var title = form.elements.title, body = form.elements.organisation, result = form.querySelector("[data-look-result]");
    if (!title || !result || !window.fetch || !window.AbortController) return;
    var timer = 0, request = null, last = "";
    function ask() {
      var text = title.value.trim(), key = text + "|" + body.value;
      if (text.length < 2 || key === last) return;
      last = key;
      if (request) request.abort();
      var mine = request = new AbortController(), data = new FormData();
      data.append("form", form.elements.form.value); data.append("title", text); data.append("organisation", body.value);
      fetch(form.dataset.matches, { method: "POST", body: data, signal: mine.signal, credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) { if (request === mine) result.innerHTML = html; })
        .catch(function () { /* aborted, or no answer: the form works without */ });
    }
    function later() { clearTimeout(timer); timer = setTimeout(ask, WAIT); }
    title.addEventListener("input", function (event) { if (!event.isComposing) later(); });
    title.addEventListener("compositionend", later);
    body.addEventListener("change", later);
  }

  function onReady() { document.querySelectorAll("[data-request-form]").forEach(function (form) { prove(form); look(form); }); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", onReady); else onReady();
})();
