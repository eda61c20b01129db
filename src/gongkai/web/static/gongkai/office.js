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
    var changed = false;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) { if (changed) event.preventDefault(); });
  }

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
  document.querySelectorAll(".office-account").forEach(function (menu) {
    document.addEventListener("click", function (event) { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
