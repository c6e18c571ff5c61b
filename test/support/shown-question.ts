/** Reads back, from what a person is shown, what is run: if that works for all texts, no two of them are shown alike. */
type Read = {
  readonly command: string | null;
  readonly cwd: string | null;
  readonly resolved: string | null;
  readonly texts: string[];
  readonly files: ShownFile[];
};
export type ShownFile = { readonly path: string; readonly oldText: string | null; readonly newText: string };

const codePoint = (hex: string) => String.fromCodePoint(Number.parseInt(hex, 16));
const fromTerminal = (text: string) => text.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => codePoint(hex));
const fromWindow = (text: string) => text.replace(/<U\+([0-9A-F]+)>/g, (_, hex: string) => codePoint(hex));

/** `equal`: the lines that the terminal leaves out because they are equal are taken from here. */
export function readTerminal(lines: readonly string[], equal: readonly { readonly oldText: string | null }[]): Read {
  const all = lines.flatMap((line) => line.split('\n'));
  const field = (name: string) => {
    const at = all.findIndex((line) => line.startsWith(`  ${name.padEnd(8)}`));
    if (at === -1) return null;
    const end = all.findIndex((line, index) => index > at && !line.startsWith(' '.repeat(10)));
    const rest = all.slice(at + 1, end === -1 ? undefined : end);
    return fromTerminal([all[at] ?? '', ...rest].map((line) => line.slice(10)).join('\n'));
  };
  const long = all.findIndex((line) => /^ {2}command of \d+ lines:$/.test(line));
  const endOfLong = all.findIndex((line) => line.startsWith('  (end of the '));
  const command =
    long === -1
      ? field('command')
      : fromTerminal(
          all
            .slice(long + 1, endOfLong)
            .map((line) => line.slice(10))
            .join('\n'),
        );
  return { command, cwd: field('folder'), resolved: field('file'), ...readContent(all, equal) };
}

function readContent(all: readonly string[], equal: readonly { readonly oldText: string | null }[]): Pick<Read, 'texts' | 'files'> {
  const texts: string[] = [];
  const files: ShownFile[] = [];
  let text: string[] = [];
  const endText = () => {
    if (text.length > 0) texts.push(fromTerminal(text.join('\n')));
    text = [];
  };
  for (let at = 0; at < all.length; at += 1) {
    const line = all[at] ?? '';
    if (line.startsWith('  | ')) text.push(line.slice(4));
    else endText();
    const next = all[at + 1] ?? '';
    if (!/^ {2}\S/.test(line) || !/^ {2}(?:[-+] | {2}… )/.test(next) || /^ {2}[-+|] /.test(line)) continue;
    const end = all.findIndex((one, index) => index > at && !/^ {2}(?:[-+] | {2}… )/.test(one));
    files.push(readDiff(line.slice(2), all.slice(at + 1, end === -1 ? undefined : end), equal[files.length]?.oldText ?? null));
  }
  endText();
  return { texts, files };
}

function readDiff(heading: string, lines: readonly string[], before: string | null): ShownFile {
  const old = (before ?? '').replace(/\n$/, '').split('\n');
  const made: string[] = [];
  let at = 0;
  let hasLineEnd = before === null || before === '' || before.endsWith('\n');
  for (const line of lines.map((one) => one.slice(2))) {
    const count = Number(/^ {2}… (\d+) equal/.exec(line)?.[1] ?? 0);
    made.push(...old.slice(at, at + count));
    at += count;
    if (line.startsWith('- ')) at += 1;
    if (line.startsWith('+ ')) made.push(fromTerminal(line.slice(2)));
    if (line.includes('… a line end is added')) hasLineEnd = true;
    if (line.includes('… the line end') || line.includes('… no line end')) hasLineEnd = false;
  }
  const path = fromTerminal(heading.replace(/ \(new file\)$/, ''));
  return { path, oldText: before, newText: `${made.join('\n')}${hasLineEnd ? '\n' : ''}` };
}

export function readWindow(text: string): Read {
  const all = text.replace(/\n$/, '').split('\n');
  const start = all.indexOf('Command:');
  const head = all.slice(0, start === -1 ? undefined : start);
  const field = (name: string) => {
    const line = head.find((one) => one.startsWith(`${name}: `));
    return line === undefined ? null : fromWindow(line.slice(name.length + 2));
  };
  const block = (from: number, prefix: string) => {
    const end = all.findIndex((line, index) => index >= from && !line.startsWith(prefix));
    const part = all.slice(from, end === -1 ? undefined : end);
    return { text: fromWindow(part.map((line) => line.slice(prefix.length)).join('\n')), next: from + part.length };
  };
  const command = start === -1 ? null : block(start + 1, '    ');
  const texts: string[] = [];
  const files: ShownFile[] = [];
  for (let at = command?.next ?? head.findIndex((line, index) => index > 1 && line === ''); at >= 0 && at < all.length; ) {
    const line = all[at] ?? '';
    const [, kind, path] = /^(New file|Change of): (.*)$/.exec(line) ?? [];
    if (kind !== undefined) {
      const old = kind === 'New file' ? null : block(at + 1, '- ');
      const made = block(old?.next ?? at + 1, '+ ');
      files.push({ path: fromWindow(path ?? ''), oldText: old?.text ?? null, newText: made.text });
      at = made.next;
    } else if (line.startsWith('    ')) {
      const read = block(at, '    ');
      texts.push(read.text);
      at = read.next;
    } else at += 1;
  }
  return { command: command?.text ?? null, cwd: field('Folder'), resolved: field('Program'), texts, files };
}
