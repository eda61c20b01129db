/* Enhancements of the office. Every page works without this file. */
(function () {
  "use strict";

  /* What is ticked in a folded list is shown in its closed head; a filter narrows long lists. */
  function pickList(list) {
    var chosen = list.querySelector(".pick-chosen"), options = list.querySelector(".pick-options");
    list.addEventListener("change", function () {
      var labels = Array.from(options.querySelectorAll("input:checked")).map(function (box) { return box.parentElement.textContent.trim(); });
      chosen.textContent = labels.length ? labels.join("、") : "未选择，点此展开";
    });
    if (options.querySelectorAll("input").length < 12) return;
    var filter = document.createElement("input");
    filter.type = "search";
    filter.placeholder = "输入几个字筛选";
    filter.className = "pick-filter";
    filter.setAttribute("aria-label", "筛选选项");
    options.prepend(filter);
    filter.addEventListener("input", function () {
      var text = filter.value.trim();
      options.querySelectorAll("label").forEach(function (label) { label.hidden = !!text && label.textContent.indexOf(text) < 0; });
      options.querySelectorAll("fieldset").forEach(function (group) {
        var whole = text && group.querySelector("legend").textContent.indexOf(text) >= 0;
        if (whole) group.querySelectorAll("label").forEach(function (label) { label.hidden = false; });
        group.hidden = !group.querySelector("label:not([hidden])");
      });
    });
    filter.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
  }

  /* Leaving a page with unsaved text asks first. */
  function guard(form) {
    var changed = form.hasAttribute("data-changed");
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) { if (changed && !document.documentElement.hasAttribute("data-session-over")) event.preventDefault(); });
  }

  /* What was saved is no longer needed in this browser (autosave.js); the server says by a cookie which item it was. */
  function forgetSaved() {
    var saved = /(?:^|; )gongkai_saved=(\d+)/.exec(document.cookie);
    if (!saved) return;
    document.cookie = "gongkai_saved=; path=/office/; max-age=0; samesite=lax";
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (/^gongkai-copy:/.test(key) && (/:new:/.test(key) || key.split(":")[2] === saved[1])) localStorage.removeItem(key);
      });
    } catch (error) { /* private mode */ }
  }

  /* Words chosen in the preview go into the form of a remark, with the place they stand at. */
  function remark(form) {
    var source = document.querySelector("[data-remark-source]"), body = source && source.querySelector(".article-body");
    var title = source && source.querySelector(".preview-title"), bubble = document.createElement("button"), chosen = null;
    if (!body) return;
    bubble.type = "button"; bubble.className = "remark-bubble"; bubble.textContent = "就此处提意见"; bubble.hidden = true;
    document.body.append(bubble);
    function look() {
      var selection = document.getSelection();
      chosen = null; bubble.hidden = true;
      if (!selection.rangeCount || selection.isCollapsed) return;
      var range = selection.getRangeAt(0), text = selection.toString().trim();
      var part = body.contains(range.commonAncestorContainer) ? "body" : title && title.contains(range.commonAncestorContainer) ? "title" : "";
      if (!part || !text || text.length > 300) return;
      var before = document.createRange();
      before.setStart(part === "body" ? body : title, 0); before.setEnd(range.startContainer, range.startOffset);
      chosen = { part: part, quote: text, near: before.toString().length };
      var box = range.getBoundingClientRect();
      bubble.style.left = Math.max(8, box.left + window.scrollX) + "px";
      bubble.style.top = box.bottom + window.scrollY + 6 + "px";
      bubble.hidden = false;
    }
    document.addEventListener("selectionchange", look);
    bubble.addEventListener("mousedown", function (event) { event.preventDefault(); });
    bubble.addEventListener("click", function () {
      if (!chosen) return;
      ["part", "quote", "near"].forEach(function (name) { form.elements[name].value = chosen[name]; });
      document.getSelection().removeAllRanges();
      form.elements.text.focus();
      form.scrollIntoView({ block: "center" });
    });
  }

  /* One box ticks all of the page. */
  function bulk(form) {
    var boxes = Array.from(form.querySelectorAll("input[name=item], input[name=person]"));
    var label = document.createElement("label"), all = document.createElement("input");
    all.type = "checkbox";
    label.append(all, " 全选本页");
    form.querySelector(".bulk-bar").prepend(label);
    all.addEventListener("change", function () { boxes.forEach(function (box) { box.checked = all.checked; }); });
    form.addEventListener("change", function () { all.checked = boxes.every(function (box) { return box.checked; }); });
  }

  document.querySelectorAll("form[data-bulk]").forEach(bulk);
  document.querySelectorAll("form[data-remark]").forEach(remark);
  forgetSaved();
  document.querySelectorAll("[data-pick-list]").forEach(pickList);
  document.querySelectorAll("form[data-guard]").forEach(guard);
  var errors = document.getElementById("form-errors");
  if (errors) errors.focus();
  /* A link to a field inside a folded list unfolds it. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".form-errors a");
    var target = link && document.querySelector(link.getAttribute("href"));
    if (!target) return;
    var folded = target.closest("details") || target.querySelector("details");
    if (folded) folded.open = true;
  });
  /* While a background task is at work, the page is asked for anew; without script there is a link. */
  document.querySelectorAll("[data-reload]").forEach(function (part) {
    window.setTimeout(function () {
      document.cookie = "gongkai_background=1; path=/office/; max-age=10; samesite=lax"; /* nobody did anything: the session grows no longer */
      window.location.reload();
    }, Number(part.getAttribute("data-reload")));
  });
  document.querySelectorAll(".office-account").forEach(function (menu) {
    document.addEventListener("click", function (event) { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
