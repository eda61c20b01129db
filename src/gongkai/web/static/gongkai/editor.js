/* The body field as a rich-text editor (django-prose-editor). Without script it is a plain text area for the same HTML.
   The library is imported by address and its style element is left out, because pages allow no inline script or style. */
const BUTTONS = {
  paragraph: "正文段落", heading2: "一级标题", heading3: "二级标题", heading4: "三级标题", bulletList: "项目列表", orderedList: "编号列表",
  bold: "加粗", italic: "斜体", underline: "下划线", strike: "删除线", subscript: "下标", superscript: "上标",
  link: "设置链接", unlink: "取消链接", table: "插入表格", "table:addColumnAfter": "右侧插入列", "table:deleteColumn": "删除列",
  "table:addRowAfter": "下方插入行", "table:deleteRow": "删除行", "table:mergeCells": "合并单元格", "table:splitCell": "拆分单元格",
  "table:toggleHeaderCell": "设为或者取消表头", "table:deleteTable": "删除表格", "history:undo": "撤销", "history:redo": "重做",
  html: "编辑源代码",
};
const DIALOGS = {
  Update: "确定", Cancel: "取消", URL: "网址", Title: "提示文字", "Edit Link": "设置链接", "Open in new window": "在新窗口打开",
  "Insert Table": "插入表格", "Table Properties": "表格属性", Rows: "行数", Columns: "列数", "Include header row": "首行为表头",
  "Edit HTML": "编辑源代码", Prettify: "整理格式",
  "The HTML contents of the editor. Note that the allowed HTML is restricted by the editor schema.": "正文的源代码，只保留允许的标签。",
};

window.gettext = (text) => DIALOGS[text] || text; // the library asks for it once, while it loads
const library = await import("../django_prose_editor/editor.js");

/* The library names its buttons in English and copies them as the cursor moves; give every copy its Chinese name. */
function translate(menu) {
  const words = new Map();
  menu.querySelectorAll("button").forEach((button) => {
    const word = BUTTONS[button.dataset.name];
    if (!word) return;
    if (button.title) words.set(button.title, word);
    button.title = word;
    button.setAttribute("aria-label", word);
    const option = button.classList.contains("prose-menubar__option") && button.firstElementChild;
    if (option && option.textContent !== word) option.textContent = word; // unequal only, or the observer would never rest
  });
  const selected = { paragraph: BUTTONS.paragraph, "heading 2": BUTTONS.heading2, "heading 3": BUTTONS.heading3, "heading 4": BUTTONS.heading4,
    "unordered list": BUTTONS.bulletList, "ordered list": BUTTONS.orderedList };
  menu.querySelectorAll(".prose-menubar__selected button").forEach((button) => {
    const word = selected[button.title] || words.get(button.title);
    if (word) { button.title = word; button.setAttribute("aria-label", word); }
  });
}

function edit(textarea) {
  const element = document.createElement("div");
  element.className = "prose-editor";
  textarea.before(element);
  element.append(textarea);
  const { Document, Paragraph, Text, HardBreak, Heading, Bold, Italic, Underline, Strike, Subscript, Superscript } = library;
  const { BulletList, OrderedList, ListItem, Link, Table, TableRow, TableHeader, TableCell, History, HTML, Menu, NoSpellCheck, Gapcursor } = library;
  const editor = new library.Editor({
    element,
    injectCSS: false,
    content: textarea.value,
    editorProps: { attributes: { "aria-label": "正文", role: "textbox", "aria-multiline": "true" } },
    extensions: [
      Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Underline, Strike, Subscript, Superscript,
      BulletList, OrderedList.configure({ enableListAttributes: false }), ListItem, Link.configure({ enableTarget: false }), Table, TableRow, TableHeader, TableCell, History, HTML, Menu,
      NoSpellCheck, Gapcursor,
    ],
    onUpdate({ editor: changed }) {
      textarea.value = changed.isEmpty ? "" : changed.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  editor.on("create", () => {
    const menu = element.querySelector(".prose-menubar");
    translate(menu);
    new MutationObserver(() => translate(menu)).observe(menu, { childList: true, subtree: true });
  });
  window.addEventListener("hashchange", () => { if (location.hash === `#${textarea.id}`) editor.commands.focus(); });
}

document.querySelectorAll("textarea[data-editor]").forEach(edit);
