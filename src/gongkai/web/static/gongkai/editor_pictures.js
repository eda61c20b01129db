/* Pictures in the rich-text editor: chosen, pasted or dropped. With an item they are uploaded at once; in a new item they travel in
   the text until it is saved, and the server makes files of them then. */
const MOST_BYTES = 20 * 1024 * 1024;
const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`图片“${file.name}”无法读取。`));
    reader.readAsDataURL(file);
  });
}

async function upload(form, file) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("picture", file, file.name || `图片.${file.type.split("/")[1]}`);
  const answer = await fetch(form.dataset.pictureAddress, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  if (answer.type === "opaqueredirect") throw new Error("登录已过期，图片未能上传。请重新登录后再插入。");
  const said = await answer.json().catch(() => ({ errors: ["图片上传失败，请稍后重试。"] }));
  if (!answer.ok) throw new Error(said.errors.join(""));
  return said.src;
}

/* The address under which the text can show a picture. Throws an Error with a sentence for people. */
export async function addressOf(form, file) {
  if (!KINDS.includes(file.type)) throw new Error(`“${file.name}”不是 PNG、JPEG、GIF 或者 WebP 图片，请转换格式后再插入。`);
  if (file.size > MOST_BYTES) throw new Error(`图片“${file.name}”超过 20 MB，请压缩后再插入。`);
  return form.dataset.pictureAddress ? upload(form, file) : read(file);
}

/* Put pictures where the cursor is. */
export async function insert(editor, form, files, say) {
  for (const file of files) {
    try {
      const src = await addressOf(form, file);
      editor.chain().focus().insertContent({ type: "image", attrs: { src, alt: "" } }).run();
    } catch (error) { say(error.message, true); return; }
  }
  if (files.length) say("图片已插入。请选中图片，填写图片说明，供读屏软件朗读。");
}

/* Pictures that came within a text are uploaded one after the other, so that the text stays small. */
export async function settle(editor, form) {
  if (!form.dataset.pictureAddress) return;
  const embedded = new Set();
  editor.state.doc.descendants((node) => { if (node.type.name === "image" && /^data:/.test(node.attrs.src)) embedded.add(node.attrs.src); });
  for (const data of embedded) {
    const [head, base64] = data.split(",", 2);
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const src = await addressOf(form, new File([bytes], "图片", { type: head.slice(5).split(";")[0] })).catch(() => null);
    if (!src) continue; // it stays in the text; the server says what is wrong with it when the draft is saved
    const change = editor.state.tr;
    editor.state.doc.descendants((node, at) => {
      if (node.type.name === "image" && node.attrs.src === data) change.setNodeMarkup(at, undefined, { ...node.attrs, src });
    });
    editor.view.dispatch(change);
  }
}

/* The words that stand for the selected picture where it cannot be seen. */
export function describe(editor, say) {
  const { node } = editor.state.selection;
  if (!node || node.type.name !== "image") { say("请先选中一张图片。", true); return; }
  const alt = window.prompt("图片说明：用一句话说明图片的内容", node.attrs.alt || "");
  if (alt !== null) editor.chain().focus().updateAttributes("image", { alt: alt.trim().slice(0, 200) }).run();
}

export const pictureFiles = (data) => Array.from((data && data.files) || []).filter((file) => file.type.startsWith("image/"));
