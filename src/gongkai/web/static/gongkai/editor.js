/* The body field as a rich-text editor (django-prose-editor). Without script it is a plain text area for the same HTML.
   The library is imported by address and its style element is left out, because pages allow no inline script or style. */
import { describe, insert, pictureFiles, settle } from "./editor_pictures.js";

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

/* What happened is said above the text, and read out. */
function speaker(element) {
  const line = document.createElement("p");
  line.className = "editor-message";
  line.setAttribute("role", "status");
  line.hidden = true;
  element.before(line);
  return (text, wrong = false) => { line.textContent = text; line.hidden = !text; line.classList.toggle("wrong", wrong); };
}

/* Markup that the library would lose: lists and pictures of Word and WPS, and pictures of other places. */
const FOREIGN = /mso-|urn:schemas-microsoft-com|ksohtml|MsoNormal|<img[\s>]/i;

/* The server makes it simple; without the server the library takes what it understands. */
async function paste(editor, form, html, rtf, say) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("html", new Blob([html], { type: "text/html" }), "html");
  if (rtf) body.append("rtf", new Blob([rtf], { type: "text/rtf" }), "rtf");
  say("正在整理粘贴的内容……");
  let said;
  try {
    const answer = await fetch(form.dataset.pasteAddress, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    said = await answer.json();
  } catch (error) {
    editor.commands.insertContent(html.replace(/<img[^>]*>/gi, ""));
    say("暂时无法连接服务器，粘贴的列表和图片可能不完整，请核对。", true);
    return;
  }
  editor.chain().focus().insertContent(said.html).run();
  say(said.notes.join("") || "已粘贴，样式已清理。", said.notes.length > 0);
  await settle(editor, form);
}

/* Our own buttons, above those of the library. */
function tools(element, editor, form, say) {
  const bar = document.createElement("div");
  bar.className = "editor-tools";
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = "image/png,image/jpeg,image/gif,image/webp";
  chooser.multiple = true;
  chooser.hidden = true;
  chooser.addEventListener("change", async () => { await insert(editor, form, Array.from(chooser.files), say); chooser.value = ""; });
  const add = (text, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = text;
    button.addEventListener("click", act);
    bar.append(button);
  };
  add("插入图片", () => chooser.click());
  add("图片说明", () => describe(editor, say));
  bar.append(chooser);
  element.before(bar);
}

function edit(textarea) {
  const form = textarea.form;
  const element = document.createElement("div");
  element.className = "prose-editor";
  textarea.before(element);
  element.append(textarea);
  const { Document, Paragraph, Text, HardBreak, Heading, Bold, Italic, Underline, Strike, Subscript, Superscript } = library;
  const { BulletList, OrderedList, ListItem, Link, Table, TableRow, TableHeader, TableCell, History, HTML, Menu, NoSpellCheck, Gapcursor, Image } = library;
  const say = speaker(element);
  const take = (data) => {
    const html = data.getData("text/html");
    if (html && !html.includes("data-pm-slice") && FOREIGN.test(html)) { paste(editor, form, html, data.getData("text/rtf"), say); return true; }
    const files = pictureFiles(data);
    if (!files.length || html) return false;
    insert(editor, form, files, say);
    return true;
  };
  const editor = new library.Editor({
    element,
    injectCSS: false,
    content: textarea.value,
    editorProps: {
      attributes: { "aria-label": "正文", role: "textbox", "aria-multiline": "true" },
      // before the library parses the markup, with all its styles, itself
      handleDOMEvents: {
        paste: (view, event) => { const taken = take(event.clipboardData); if (taken) event.preventDefault(); return taken; },
        drop: (view, event) => { const taken = !view.dragging && take(event.dataTransfer); if (taken) event.preventDefault(); return taken; },
      },
    },
    extensions: [
      Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Underline, Strike, Subscript, Superscript,
      BulletList, OrderedList.configure({ enableListAttributes: false }), ListItem, Link.configure({ enableTarget: false }), Table, TableRow, TableHeader, TableCell, History, HTML, Menu,
      NoSpellCheck, Gapcursor, Image.configure({ allowBase64: true }),
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
  tools(element, editor, form, say);
  textarea.addEventListener("gongkai:replaced", () => editor.commands.setContent(textarea.value));
  window.addEventListener("hashchange", () => { if (location.hash === `#${textarea.id}`) editor.commands.focus(); });
}

document.querySelectorAll("textarea[data-editor]").forEach(edit);
