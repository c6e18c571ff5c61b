/** Garbled messages of a page, through what its panel checks them with: each is refused in words or goes through as what it is. */
import { checkPageRequest } from '../../../extension/panels/page-request.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { Method } from '../../../server/protocol/requests.ts';
import { FromWebview } from '../../../server/protocol/webview.ts';
import { mutated } from '../fuzz/mutate.ts';
import type { Random } from '../random.ts';
import type { Row } from '../row.ts';
import { Tally } from '../tally.ts';

const messages = { short: 2_000, long: 10_000 };
const mostHeapGrowthMb = 100;

const id = '01a1fc78-27a6-73be-89ab-a0492080a182';
const allowed: readonly Method[] = ['agent/list', 'agent/prompt', 'session/watch', 'session/items', 'approval/answer', 'view/put'];
const good: readonly object[] = [
  { type: 'ready', version: 1 },
  { type: 'request', id: 1, method: 'agent/prompt', params: { agent: id, text: 'hello', promptId: id } },
  { type: 'request', id: 2, method: 'session/items', params: { session: id, beforeOrdinal: 10, limit: 50 } },
  { type: 'request', id: 3, method: 'approval/answer', params: { approval: id, decision: 'allowOnce', hash: 'h' } },
  { type: 'request', id: 4, method: 'view/put', params: { view: 'chat', key: id, state: '{}' } },
  { type: 'openLink', href: 'https://example.org/' },
  { type: 'openFile', path: 'src/main.js', line: 3 },
  { type: 'openDiff', path: 'src/main.js', oldText: null, newText: 'x' },
  { type: 'copy', text: 'x' },
  { type: 'showing', agentId: id, sessionId: null },
  { type: 'failed', message: 'x' },
];

export const fuzzPage: Row = {
  name: 'fuzz-page',
  async run({ random, size, points }) {
    const tally = new Tally();
    const before = process.memoryUsage().heapUsed;
    let refused = 0;
    for (const wanted = points ?? messages[size]; tally.points < wanted; tally.points += 1) {
      const bytes = mutated(random.pick(good), random);
      try {
        if (!check(asMessage(bytes))) refused += 1;
      } catch (error) {
        tally.problem(`${bytes.toString('base64')} throws ${error}`);
      }
      if (!check(goodOne(random))) tally.problem(`a good message is refused after ${bytes.toString('base64')}`);
    }
    if ('polluted' in {}) tally.problem('a message has changed what all objects inherit');
    const grownMb = Math.round((process.memoryUsage().heapUsed - before) / 1024 / 1024);
    if (grownMb > mostHeapGrowthMb) tally.problem(`it grew by ${grownMb} MB`);
    return tally.figures([`${refused} refused`]);
  },
};

/** As the panel does it. False: refused in words. */
function check(message: unknown): boolean {
  const parsed = FromWebview.safeParse(message);
  if (!parsed.success) return false;
  if (parsed.data.type !== 'request') return true;
  try {
    checkPageRequest(allowed, parsed.data.method, parsed.data.params);
    return true;
  } catch (error) {
    if (error instanceof AgorError && error.message !== '') return false;
    throw error;
  }
}

/** Pages send values and not text, so what is no JSON comes as the text that it is. */
function asMessage(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function goodOne(random: Random): unknown {
  return structuredClone(random.pick(good));
}
