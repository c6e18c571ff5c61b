/** Turns good messages into bad ones: sometimes a little, so that much of the reader is reached, sometimes beyond recognition. */
import type { Random } from '../random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The bytes of one message, without anything around it. */
export function mutated(message: unknown, random: Random): Buffer {
  if (random.chance(0.05)) return monster(random);
  // A message is made of JSON, as its writer made it.
  const text = random.chance(0.6) ? JSON.stringify(mutatedValue(message as Json, random)) : JSON.stringify(message);
  const bytes = Buffer.from(random.chance(0.1) ? withTextFault(text, random) : text);
  return random.chance(0.5) ? mutatedBytes(bytes, random) : bytes;
}

/** One or a few faults in the bytes, at places of chance. */
export function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const changed = random.pick([
    () => Buffer.concat([before, random.bytes(1), after.subarray(1)]),
    () => Buffer.concat([before, random.bytes(random.between(1, 8)), after]),
    () => Buffer.concat([before, after.subarray(random.between(1, 16))]),
    () => before,
    () => after,
    () => Buffer.concat([before, random.pick(awkward), after]),
    () => Buffer.concat([bytes, bytes]),
  ])();
  return random.chance(0.3) ? mutatedBytes(changed, random) : changed;
}

/** Half a code point, an overlong one, a lone half of a surrogate pair, a zero, a byte order mark, line ends. */
const awkward = [[0xe6], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0], [0xef, 0xbb, 0xbf], [0x0d, 0x0a], [0x0d], [0xff]].map((bytes) =>
  Buffer.from(bytes),
);

const strange: readonly ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => 0.1,
  () => '',
  () => '\0',
  () => '\ud800',
  () => '../../../../etc/passwd',
  (random) => random.text(random.below(200)),
  (random) => 'x'.repeat(random.below(100_000)),
  () => [],
  () => ({}),
  () => ({ __proto__: { polluted: true }, constructor: { prototype: { polluted: true } } }),
  (random) => Array.from({ length: random.below(1_000) }, () => 0),
];

function mutatedValue(value: Json, random: Random): Json {
  if (random.chance(0.1)) return random.pick(strange)(random);
  if (Array.isArray(value)) return mutatedList(value, random);
  if (value === null || typeof value !== 'object') return random.chance(0.2) ? random.pick(strange)(random) : value;
  const entries = Object.entries(value).filter(() => !random.chance(0.05));
  const chosen = random.below(entries.length + 1);
  const changed = entries.map(([key, held], index) => [key, index === chosen ? mutatedValue(held, random) : held] as const);
  return Object.fromEntries(
    random.chance(0.1) ? [...changed, [random.pick(['id', 'method', 'type', random.text(5)]), 1] as const] : changed,
  );
}

function mutatedList(list: readonly Json[], random: Random): Json[] {
  const chosen = random.below(list.length + 1);
  const changed = list.map((held, index) => (index === chosen ? mutatedValue(held, random) : held));
  return random.chance(0.1) ? [...changed, ...changed] : changed;
}

/** What `JSON.stringify` never writes. */
function withTextFault(text: string, random: Random): string {
  return random.pick([
    () => text.replace('{', '{"jsonrpc":"1.0","type":"other",'),
    () => text.replace(/\d+/, '1e999'),
    () => text.replace('{', '{"__proto__":{"polluted":true},'),
    () => text.replaceAll('"', "'"),
    () => `${text},`,
    () => text.replace(/:/, ': \t '),
  ])();
}

function monster(random: Random): Buffer {
  return random.pick([
    () => Buffer.from('['.repeat(200_000)),
    () => Buffer.from(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
    () => random.bytes(random.below(4_000)),
    () => Buffer.alloc(random.below(100_000), 0x20),
    () => Buffer.from('null'),
    () => Buffer.alloc(0),
  ])();
}
