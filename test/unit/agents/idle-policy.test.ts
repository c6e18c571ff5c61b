import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentsToEnd, availableMemory, type IdleRules } from '../../../server/agents/idle-policy.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';

const minuteMs = 60_000;
const enough: IdleRules = { idleMs: 30 * minuteMs, availableMemory: 0.5, sinceRelievedMs: Number.POSITIVE_INFINITY };
const short: IdleRules = { ...enough, availableMemory: 0.09 };

for (const [name, idleMinutes, rules, expected] of [
  ['nobody is idle', [], enough, []],
  ['nobody is idle and memory is short', [], short, []],
  ['all are idle for less than they may', [29, 0, 12], enough, []],
  ['some are idle for as long as they may', [30, 3, 31], enough, ['30 idle', '31 idle']],
  ['memory is short', [3, 12, 7], short, ['12 memory']],
  ['memory is short and one was ended for it a moment ago', [3, 12], { ...short, sinceRelievedMs: minuteMs - 1 }, []],
  ['memory is short again a minute later', [3, 12], { ...short, sinceRelievedMs: minuteMs }, ['12 memory']],
  ['memory is short and all have only just become idle', [0.9, 0.5], short, []],
  ['memory is short and some are due anyway', [31, 5], short, ['31 idle']],
  ['memory is just enough', [12], { ...short, availableMemory: 0.1 }, []],
  ['nobody says how much memory there is', [12], { ...short, availableMemory: undefined }, []],
] as const) {
  test(`when ${name}, ${expected.length} are ended`, () => {
    const idle = idleMinutes.map((minutes) => ({ id: newId<AgentId>(), idleMs: minutes * minuteMs }));
    assert.deepEqual(
      agentsToEnd(idle, rules).map(({ idleMs, because }) => `${idleMs / minuteMs} ${because}`),
      expected,
    );
  });
}

for (const [name, text, expected] of [
  ['what Linux writes', 'MemTotal:       16000000 kB\nMemFree:  100 kB\nMemAvailable:    4000000 kB\nBuffers: 1 kB\n', 0.25],
  ['nothing left', 'MemTotal: 16 kB\nMemAvailable: 0 kB\n', 0],
  ['an old kernel, which does not say', 'MemTotal: 16 kB\nMemFree: 8 kB\n', undefined],
  ['something else', 'hello', undefined],
  ['no memory at all', 'MemTotal: 0 kB\nMemAvailable: 0 kB\n', undefined],
] as const) {
  test(`of ${name}, ${expected} is available`, () => {
    assert.equal(availableMemory(text), expected);
  });
}
