/** Runs in a page: the list that anybody would write first. All messages are turned into elements at once, and one that grows anew each time. */
import createMarkdownIt from 'markdown-it';

const markdown = createMarkdownIt({ html: false });
let grown = '';

export type NaiveList = { show(texts: readonly string[]): Promise<number>; grow(text: string): void };

declare global {
  interface Window {
    naive: NaiveList;
  }
}

window.naive = {
  /** Milliseconds until all of them are painted. */
  async show(texts) {
    const begun = performance.now();
    const list = document.createElement('div');
    list.style.cssText = 'height:700px;width:800px;overflow-y:auto';
    const rows = document.createDocumentFragment();
    for (const text of texts) rows.append(row(text));
    list.append(rows);
    document.body.append(list);
    await painted();
    return performance.now() - begun;
  },
  grow(text) {
    grown += text;
    document.querySelector('.growing')?.remove();
    const last = row(grown);
    last.className = 'growing';
    document.body.append(last);
  },
};

function row(text: string): HTMLElement {
  const made = document.createElement('div');
  made.innerHTML = markdown.render(text);
  return made;
}

/** The frame with it was drawn when the next one begins. */
async function painted(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}
