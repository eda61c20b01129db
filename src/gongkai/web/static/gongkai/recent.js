/* 最近搜索: what this visitor sought, kept in this browser and nowhere else. Nothing here is ever sent; without storage
   (private mode, storage forbidden) the list simply is not there. */
(function () {
  "use strict";
  var KEY = "gongkai-recent", OFF = "gongkai-recent-off", MOST = 8, LONGEST = 40;
  var box = document.querySelector("[data-recent]");
  var store = storage();
  if (!box || !store) return;

  var list = box.querySelector("[data-recent-list]"), title = box.querySelector("[data-recent-title]");
  var buttons = {};
  ["clear", "off", "on"].forEach(function (name) { buttons[name] = box.querySelector("[data-recent-" + name + "]"); });
  var said = box.querySelector("[data-recent-said]"), hint = box.querySelector(".asked-hint");

  function storage() {
    try {
      var probe = KEY + "-probe";
      localStorage.setItem(probe, "1");
      localStorage.removeItem(probe);
      return localStorage;
    } catch (error) { return null; }
  }

  function read() {
    try {
      var kept = JSON.parse(store.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.filter(function (one) { return typeof one === "string" && one; }).slice(0, MOST) : [];
    } catch (error) { return []; }
  }
  function write(entries) { try { store.setItem(KEY, JSON.stringify(entries)); } catch (error) { /* full */ } }
  function isOff() { return store.getItem(OFF) === "1"; }

  /* The rules of the server in small: what may be about a person is not kept, for a browser may be shared. */
  function isPrivate(text) {
    if (text.length > LONGEST || text.indexOf("@") >= 0) return true;
    var rest = text.normalize ? text.normalize("NFKC") : text;
    rest = rest.replace(/[〔\[(]\s*(19|20)\d{2}\s*[〕\])]\s*\d{1,7}\s*号?/g, " ").replace(/[0-9A-Za-z]{9,18}[\/-](19|20)\d{2}(\d{2})?-\d{5,6}/g, " ");
    rest = rest.replace(/(^|\D)(19|20)\d{2}(年\d{1,2}月(\d{1,2}日)?|[-.\/]\d{1,2}[-.\/]\d{1,2})?(?=\D|$)/g, "$1 ");
    if ((rest.match(/\d/g) || []).length >= 6 || /[〇零一二三四五六七八九幺]{6,}/.test(rest)) return true;
    if (/[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·.-]?(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])/i.test(rest)) return true;
    return /[0-9一二三四五六七八九十]{1,4}(号楼|栋|幢|单元)|\d{1,4}(室|户(?![籍口]))|[路街巷弄道]\d{1,5}号(?![文令])|[村庄屯寨][^，。、]{0,6}?[0-9一二三四五六七八九十]{1,3}(组|队|号)/.test(rest);
  }

  function keep(text) {
    text = text.trim().replace(/\s+/g, " ");
    if (!text || isOff() || isPrivate(text)) return;
    write([text].concat(read().filter(function (one) { return one !== text; })).slice(0, MOST));
  }

  function address(text) {
    return box.dataset.action + (box.dataset.action.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(text);
  }

  function entry(text) {
    var item = document.createElement("li"), link = document.createElement("a"), remove = document.createElement("button");
    link.href = address(text);
    link.textContent = text;
    remove.type = "button";
    remove.className = "asked-remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", "删除最近搜索“" + text + "”");
    remove.addEventListener("click", function () {
      var place = Array.prototype.indexOf.call(list.children, item);
      write(read().filter(function (one) { return one !== text; }));
      show();
      say("已删除“" + text + "”");
      var next = list.children[Math.min(place, list.children.length - 1)];
      focusOn(next ? next.querySelector("button") : null);
    });
    item.appendChild(link);
    item.appendChild(remove);
    return item;
  }

  /* Focus must not fall to the top of the page when the button that had it goes away. */
  function focusOn(target) { if (target && !box.hidden) target.focus(); else { var input = document.querySelector("form[role=search] input[type=search]"); if (input) input.focus(); } }
  function say(text) { said.textContent = text; }

  function show() {
    var off = isOff(), entries = off ? [] : read();
    list.textContent = "";
    entries.forEach(function (text) { list.appendChild(entry(text)); });
    box.hidden = !off && !entries.length;
    title.textContent = off ? "最近搜索：已关闭" : "最近搜索";
    buttons.clear.hidden = buttons.off.hidden = hint.hidden = off;
    buttons.on.hidden = !off;
  }

  buttons.clear.addEventListener("click", function () { store.removeItem(KEY); show(); focusOn(null); });
  buttons.off.addEventListener("click", function () { store.setItem(OFF, "1"); store.removeItem(KEY); show(); say("已关闭最近搜索，原有记录已删除"); focusOn(buttons.on); });
  buttons.on.addEventListener("click", function () { store.removeItem(OFF); show(); say("已开启最近搜索"); focusOn(null); });

  show();  /* what was sought before this page; the present question stands in the box anyway */
  var params = new URLSearchParams(location.search);
  if (location.pathname === box.dataset.action.split("?")[0] && params.get("q") && !params.get("after") && !params.get("before")) keep(params.get("q"));
})();
