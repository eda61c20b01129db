/* 联想词: suggestions under every search box marked with data-suggest (the address that answers). Without this file the form works
   as it is. Pattern: an editable combobox with a listbox; focus stays in the field, the arrow keys move the chosen option. */
(function () {
  "use strict";
  var WAIT = 120, KEPT = 50, boxes = 0;

  function combobox(input) {
    var form = input.form, address = input.dataset.suggest.split("?")[0], id = "suggestions-" + (++boxes);
    if (!form || !window.fetch || !window.AbortController) return;
    var list = document.createElement("ul"), status = document.createElement("p");
    var options = [], active = -1, timer = 0, request = null, typed = "", known = new Map();

    list.id = id; list.className = "suggestions"; list.hidden = true;
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", "检索建议");
    status.className = "visually-hidden"; status.setAttribute("role", "status");
    form.classList.add("has-suggestions");
    form.append(list, status);
    var attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    Object.keys(attributes).forEach(function (name) { input.setAttribute(name, attributes[name]); });

    function drop() {
      clearTimeout(timer);
      if (request) { request.abort(); request = null; }
    }

    function close() {
      drop();
      list.hidden = true; active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      status.textContent = "";
    }

    function choose(index) {
      drop(); /* an answer on its way must not replace the list somebody is choosing from */
      active = index;
      options.forEach(function (option, at) { option.setAttribute("aria-selected", String(at === index)); });
      if (index < 0) { input.value = typed; input.removeAttribute("aria-activedescendant"); return; }
      input.value = options[index].dataset.text;
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    function place() {
      list.style.left = input.offsetLeft + "px";
      list.style.top = input.offsetTop + input.offsetHeight + "px";
      list.style.width = input.offsetWidth + "px";
    }

    function show(suggestions) {
      list.textContent = ""; active = -1;
      options = suggestions.map(function (suggestion, at) {
        var option = document.createElement("li");
        option.id = id + "-" + at; option.dataset.text = suggestion.text;
        if (suggestion.address) option.dataset.address = suggestion.address;
        option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false");
        suggestion.parts.forEach(function (part) {
          var piece = document.createElement(part[1] ? "span" : "b");
          piece.textContent = part[0];
          option.append(piece);
        });
        if (suggestion.note) {
          var note = document.createElement("span");
          note.className = "suggestion-note"; note.textContent = "（" + suggestion.note + "）";
          option.append(note);
        }
        list.append(option);
        return option;
      });
      if (!options.length) { close(); return; }
      place();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      input.removeAttribute("aria-activedescendant");
      status.textContent = "有 " + options.length + " 条建议，按上下方向键选择。";
    }

    /* A suggestion with an address is a page and no query; the mode of the page (长辈版) stays. */
    function visited(option) {
      if (!option || !option.dataset.address) return false;
      var target = new URL(option.dataset.address, location.href), mode = new URLSearchParams(location.search).get("v");
      if (mode) target.searchParams.set("v", mode);
      location.assign(target);
      return true;
    }

    function ask() {
      var text = input.value.trim();
      drop();
      if (!text) { close(); return; }
      if (known.has(text)) { show(known.get(text)); return; }
      var mine = request = new AbortController();
      fetch(address + "?q=" + encodeURIComponent(text), { signal: mine.signal, credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (answer) {
          if (known.size >= KEPT) known.clear();
          known.set(text, answer.suggestions);
          if (request === mine && document.activeElement === input) show(answer.suggestions);
        })
        .catch(function () { /* aborted, or no answer: the form works without */ });
    }

    function later() { typed = input.value; clearTimeout(timer); timer = setTimeout(ask, WAIT); }

    input.addEventListener("input", function (event) { if (!event.isComposing) later(); });
    input.addEventListener("compositionend", later);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      var open = !list.hidden, key = event.key;
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (!open) { typed = input.value; ask(); return; }
        var count = options.length + 1, step = key === "ArrowDown" ? 1 : -1;
        choose((active + 1 + step + count) % count - 1);
      } else if (key === "Escape" && open) {
        event.preventDefault();
        input.value = typed;
        close();
      } else if (key === "Enter") {
        if (open && visited(options[active])) event.preventDefault();
        close();
      }
    });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); /* focus stays in the field */ });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (!option || visited(option)) return;
      input.value = option.dataset.text;
      close();
      form.requestSubmit();
    });
    form.addEventListener("submit", close);
    window.addEventListener("resize", function () { if (!list.hidden) place(); });
  }

  function onReady() { document.querySelectorAll("input[data-suggest]").forEach(combobox); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", onReady); else onReady();
})();
