/** The shapes in which a secret may stand in a text: as it is, and as usual commands print it. Pure. */

/** A shorter one would be found in ordinary words. */
const leastChars = 6;
const mostJsonDepth = 3;

/** The value and its reverse, escaped or not, in hex, percent-encoded, and in base64 wherever in the encoded bytes it may lie. */
export function secretForms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const written = [value, [...value].reverse().join('')].flatMap(escapedForms);
  const forms = [...written, hex, hex.toUpperCase(), percentEncoded(value), ...base64Forms(bytes)];
  return value.length < leastChars ? [] : [...new Set(forms)].filter((form) => form.length >= leastChars);
}

/** In JSON, and in JSON that is text in JSON, as tools' inputs are in the lines of a program, and those in a log. */
function escapedForms(text: string): string[] {
  const forms = [text];
  for (let depth = 0; depth < mostJsonDepth; depth += 1) forms.push(JSON.stringify(forms.at(-1)).slice(1, -1));
  return forms;
}

function base64Forms(bytes: Buffer): string[] {
  const whole = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')];
  return [...whole, ...[0, 1, 2].map((before) => base64Within(bytes, before))].flatMap((form) => [form, urlSafe(form)]);
}

/** The characters that are the same whatever comes before it, which is `before` bytes past a group of three, and after. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const firstOwn = Math.ceil((before * 8) / 6);
  const lastWhole = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(firstOwn, lastWhole);
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function percentEncoded(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
