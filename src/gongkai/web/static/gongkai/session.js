/* Says that the session is about to end, and leads to the login page when it has. Asking the server how long it lasts does not lengthen
   it. What is being written is kept in this browser first (autosave.js). Without this file the next request says that it is over. */
(function () {
  "use strict";
  var WARN = 120, box = document.querySelector("[data-session-watch]");
  if (!box) return;
  var ends = Date.now() + Number(box.dataset.seconds) * 1000, asking = false, asked = 0, line = null;

  function left() { return Math.round((ends - Date.now()) / 1000); }

  function ask(options) {
    if (asking) return;
    asking = true;
    asked = Date.now();
    fetch(box.dataset.address, Object.assign({ credentials: "same-origin", redirect: "manual", cache: "no-store" }, options))
      .then(function (answer) { return answer.type === "opaqueredirect" ? { seconds: 0 } : answer.json(); })
      .then(function (said) {
        ends = Date.now() + said.seconds * 1000;
        if (said.seconds <= 0) over(); else show();
      })
      .catch(function () { /* no line: nothing is known, so nothing is done; asked again in a moment */ })
      .finally(function () { asking = false; });
  }

  function goOn() {
    var body = new URLSearchParams();
    body.append("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    ask({ method: "POST", body: body });
  }

  function over() {
    document.dispatchEvent(new Event("gongkai:session-over"));
    document.documentElement.setAttribute("data-session-over", "");
    window.location.assign(box.dataset.login + "?next=" + encodeURIComponent(window.location.pathname + window.location.search));
  }

  function build() {
    var go = document.createElement("button");
    line = document.createElement("p");
    go.type = "button";
    go.textContent = "继续使用";
    go.addEventListener("click", goOn);
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-label", "即将自动退出");
    box.append(line, go);
  }

  function show() {
    var seconds = left(), near = seconds <= WARN;
    if (near && !line) build();
    if (near) line.textContent = "您较长时间没有操作，将在 " + Math.max(seconds, 0) + " 秒后自动退出。正在编写的内容会暂存。";
    box.hidden = !near;
  }

  setInterval(function () {
    var seconds = left();
    if (seconds > WARN) return;
    if (box.hidden || seconds <= 0) { if (Date.now() - asked > 3000) ask({ headers: { "X-Gongkai-Background": "1" } }); }
    else show();
  }, 1000);
})();
