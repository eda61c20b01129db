/* Keeps what is typed in the editor while it is typed: on the server, beside the draft; where the server cannot be had (session lost,
   no line, a new item), in this browser. What is kept here is offered when the editor is opened again, and removed when it is saved. */
(function () {
  "use strict";
  var EVERY = 20000, PREFIX = "gongkai-copy:", KEEP_DAYS = 7;
  var form = document.querySelector("form[data-copy-key]");
  if (!form) return;
  var key = PREFIX + form.dataset.copyKey, line = form.querySelector("[data-autosave-line]");
  var changed = form.hasAttribute("data-changed"), sending = false, last = 0, dirty = changed;

  function say(text, wrong) { line.textContent = text; line.classList.toggle("wrong", !!wrong); }
  function fields() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && !/^(csrfmiddlewaretoken|body_before|tool|choose_.*)$/.test(pair[0]);
    });
  }
  function store() {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fields() })); return true; } catch (error) { return false; }
  }
  function forget() { try { localStorage.removeItem(key); } catch (error) { /* private mode */ } }
  function clock() { return new Date().toTimeString().slice(0, 8); }

  function here(why) {
    say(store() ? why + "内容已于 " + clock() + " 暂存在本机浏览器。" : why + "本机也无法暂存，请尽快保存。", !!why);
  }

  function send() {
    if (!changed || sending) return;
    changed = false;
    last = Date.now();
    if (!form.dataset.autosaveAddress) { here(""); return; }
    sending = true;
    var body = new URLSearchParams(fields());
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fetch(form.dataset.autosaveAddress, { method: "POST", body: body, redirect: "manual", credentials: "same-origin" })
      .then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 403) { here("登录已过期，请重新登录并再次打开本页恢复。"); return null; }
        return answer.json();
      })
      .then(function (said) {
        if (!said) return;
        if (said.errors) { here(said.errors.join("")); return; }
        forget();
        var text = "已于 " + said.saved_at + " 自动保存。";
        if (said.behind) text = "他人已保存了新的内容，您保存时可以逐项选择。" + text;
        else if (said.others.length) text = said.others.join("、") + "也在编辑。" + text;
        say(text, said.behind);
      })
      .catch(function () { here("暂时无法连接服务器。"); })
      .finally(function () { sending = false; });
  }

  form.addEventListener("input", function () { changed = dirty = true; });
  form.addEventListener("change", function () { changed = dirty = true; });
  form.addEventListener("focusout", function () { if (Date.now() - last > 3000) send(); });
  form.addEventListener("submit", function () { store(); });
  document.addEventListener("gongkai:session-over", function () { if (dirty) store(); });
  setInterval(send, EVERY);
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden" && changed) { store(); send(); } });

  /* --- what was kept here before -------------------------------------------------------------------------------------- */
  function words(pairs) {
    return pairs.filter(function (pair) { return pair[0] !== "revision"; })
      .map(function (pair) { return pair[0] + "=" + pair[1].replace(/<[^>]*>|\s+/g, ""); }).sort().join("\n");
  }

  function fill(pairs) {
    var values = {};
    pairs.forEach(function (pair) { (values[pair[0]] = values[pair[0]] || []).push(pair[1]); });
    Array.from(form.elements).forEach(function (element) {
      if (!element.name || element.type === "file" || /^(csrfmiddlewaretoken|tool|body_before)$/.test(element.name)) return;
      var kept = values[element.name] || [];
      if (element.type === "checkbox" || element.type === "radio") element.checked = kept.indexOf(element.value) >= 0;
      else if (element.tagName !== "BUTTON") element.value = kept.length ? kept[0] : "";
      element.dispatchEvent(new Event("change", { bubbles: true }));
      if (element.matches("[data-editor]")) element.dispatchEvent(new Event("gongkai:replaced"));
    });
  }

  function offer(copy) {
    var box = document.createElement("section"), text = document.createElement("p"), acts = document.createElement("p");
    box.className = "notice warning kept-copy";
    box.setAttribute("aria-label", "暂存在本机的内容");
    text.textContent = "本机浏览器中有一份 " + new Date(copy.at).toLocaleString("zh-CN", { hour12: false }) + " 暂存、尚未保存的内容。";
    acts.className = "form-actions";
    [["恢复本机暂存的内容", "", function () { fill(copy.fields); changed = true; say("已恢复，核对后请点击“保存”。"); }],
      ["放弃", "quiet", forget]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = choice[0];
      button.className = choice[1];
      button.addEventListener("click", function () { choice[2](); box.remove(); });
      acts.append(button, " ");
    });
    box.append(text, acts);
    form.prepend(box);
  }

  function look() {
    var copy = null;
    try { copy = JSON.parse(localStorage.getItem(key)); } catch (error) { /* none that can be read */ }
    if (!copy || !form.hasAttribute("data-fresh")) return;
    if (Date.now() - copy.at > KEEP_DAYS * 86400000 || words(copy.fields) === words(fields())) forget();
    else offer(copy);
  }

  look();
})();
