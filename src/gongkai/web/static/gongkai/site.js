/* Enhancements of every page. Each page works without this file.
   长辈版: ?v=elder decides; a reader's choice is remembered on his own device and carried over to pages opened afresh. */
(function () {
  "use strict";
  var KEY = "gongkai-elder", root = document.documentElement;

  function remembered() { try { return localStorage.getItem(KEY) === "on"; } catch (error) { return false; } }
  function remember(on) { try { on ? localStorage.setItem(KEY, "on") : localStorage.removeItem(KEY); } catch (error) { /* private mode */ } }

  var params = new URLSearchParams(location.search), portal = !/^\/(office|account)\//.test(location.pathname);
  if (portal && params.get("v") === "elder") remember(true);
  else if (portal && remembered()) { params.set("v", "elder"); location.replace(location.pathname + "?" + params + location.hash); }

  function onReady() {
    document.querySelectorAll("[data-elder]").forEach(function (link) {
      link.addEventListener("click", function () { remember(link.dataset.elder === "on"); });
    });
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    var article = document.querySelector("[data-resizable]");
    document.querySelectorAll("[data-size]").forEach(function (button) {
      button.closest("[hidden]") && (button.closest("[hidden]").hidden = false);
      button.addEventListener("click", function () {
        article.dataset.resizable = button.dataset.size;
        document.querySelectorAll("[data-size]").forEach(function (other) { other.setAttribute("aria-pressed", String(other === button)); });
      });
    });
    document.querySelectorAll("[data-submit-on-change]").forEach(function (form) {
      form.addEventListener("change", function () { form.requestSubmit(); });
    });
    readAloud(article);
  }

  function readAloud(article) {
    var button = document.querySelector("[data-read-aloud]");
    if (!button || !article || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); button.textContent = "朗读"; return; }
      article.innerText.split(/\n+/).filter(Boolean).forEach(function (paragraph) {
        var utterance = new SpeechSynthesisUtterance(paragraph);
        utterance.lang = "zh-CN";
        speechSynthesis.speak(utterance);
      });
      button.textContent = "停止朗读";
    });
    window.addEventListener("pagehide", function () { speechSynthesis.cancel(); });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", onReady); else onReady();
})();
