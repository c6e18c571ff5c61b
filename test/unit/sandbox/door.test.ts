import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doorOutside } from '../../../server/sandbox/door.ts';

for (const [name, socket, expected] of [
  ['in the agent’s own folder', '/data/agents/1/agent/door/control.sock', []],
  ['in a short folder elsewhere', '/run/user/1000/agor-12ab/control.sock', ['/run/user/1000/agor-12ab']],
  ['nowhere', undefined, []],
] as const) {
  test(`a door ${name} needs ${expected.length === 0 ? 'no place of its own' : 'its folder'}`, () => {
    const environment: Record<string, string> = socket === undefined ? {} : { AGOR_CONTROL_SOCKET: socket };
    assert.deepEqual(doorOutside({ environment, agentDir: '/data/agents/1/agent' }), expected);
  });
}
