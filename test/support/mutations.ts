/** Damages lines in every way that a program, or the way from it, can: seeded, so that what was found is found again. */

/** mulberry32: a number from 0 up to 1 at each call. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
type Mutation = (line: Buffer, random: Random) => Buffer;

const place = (line: Buffer, random: Random) => Math.floor(random() * line.length);
const insert = (line: Buffer, at: number, what: Buffer | string) =>
  Buffer.concat([line.subarray(0, at), Buffer.from(what), line.subarray(at)]);
const replace = (pattern: RegExp, by: string) => (line: Buffer) => Buffer.from(line.toString('latin1').replace(pattern, by), 'latin1');

const mutations: readonly Mutation[] = [
  // Half of it; a part of it missing; a part of it twice.
  (line, random) => line.subarray(0, place(line, random)),
  (line, random) => Buffer.concat([line.subarray(0, place(line, random)), line.subarray(place(line, random))]),
  (line, random) => insert(line, place(line, random), line.subarray(place(line, random))),
  // Bytes that are no UTF-8, zero bytes, single flipped bits.
  (line, random) => insert(line, place(line, random), Buffer.from([0xff, 0xfe, 0xc0, 0x80])),
  (line, random) => insert(line, place(line, random), Buffer.from([0])),
  (line, random) => {
    const flipped = Buffer.from(line);
    const at = place(line, random);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return flipped;
  },
  // Other ends of lines, marks of byte order.
  (line) => Buffer.concat([line, Buffer.from('\r')]),
  (line) => Buffer.concat([Buffer.from('\uFEFF'), line]),
  // Values of other kinds and sizes in the same places.
  replace(/"[^"]*"/, '9'.repeat(400)),
  replace(/\d+/, '-1e999'),
  replace(/:"[^"]*"/, ':null'),
  replace(/:\{/, ':[{'),
  replace(/"(\w+)":/, '"__proto__":{"polluted":1},"$1":'),
  replace(/"(\w+)":/, '"constructor":{"prototype":{"polluted":1}},"$1":'),
  replace(/\{"(\w+)":("[^"]*"|\d+)/, '{"$1":$2,"$1":[]'),
  replace(/:"([^"]*)"/, `:"${'\\ud800$1'.repeat(3)}"`),
  replace(/:"[^"]*"/, `:${'['.repeat(2_000)}${']'.repeat(2_000)}`),
  // Another line's end.
  (line, random) => Buffer.concat([line.subarray(0, place(line, random)), Buffer.from('\n'), line.subarray(place(line, random))]),
];

export function mutated(line: string, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(line);
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const mutation = mutations[Math.floor(random() * mutations.length)];
    if (mutation) bytes = mutation(bytes, random);
  }
  return bytes;
}
