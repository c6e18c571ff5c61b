import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetNotifyVariables, notifyPlan } from '../../../server/service/notify.ts';
import { roundEvery, statusLine, tellSystemd } from '../../../server/service/tell-systemd.ts';

for (const [name, env, expected] of [
  ['nothing', {}, undefined],
  ['an empty socket', { NOTIFY_SOCKET: '' }, undefined],
  ['a socket that is no path', { NOTIFY_SOCKET: 'vsock:2:1' }, undefined],
  ['a socket', { NOTIFY_SOCKET: '/run/s' }, { socketPath: '/run/s', watchdogMs: undefined }],
  ['a name without a file', { NOTIFY_SOCKET: '@s' }, { socketPath: '@s', watchdogMs: undefined }],
  ['a watchdog', { NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7' }, { socketPath: '/s', watchdogMs: 60_000 }],
  ['a watchdog of nobody', { NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '60000000' }, { socketPath: '/s', watchdogMs: 60_000 }],
  [
    'a watchdog of another',
    { NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8' },
    { socketPath: '/s', watchdogMs: undefined },
  ],
  ['no time', { NOTIFY_SOCKET: '/s', WATCHDOG_USEC: 'soon' }, { socketPath: '/s', watchdogMs: undefined }],
] as const) {
  test(`of ${name} in the environment, ${expected ? 'systemd is told' : 'nobody is told'}`, () =>
    assert.deepEqual(notifyPlan(env, 7), expected));
}

for (const [watchdogMs, expected] of [
  [undefined, 5_000],
  [60_000, 5_000],
  [9_000, 3_000],
  [30, 100],
] as const) {
  test(`with a watchdog of ${watchdogMs} ms there is a round every ${expected} ms`, () => assert.equal(roundEvery(watchdogMs), expected));
}

test('what we start hears nothing of systemd', () => {
  const env = { NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '1', WATCHDOG_PID: '1', PATH: '/bin' };
  forgetNotifyVariables(env);
  assert.deepEqual(env, { PATH: '/bin' });
});

type World = { sent: string[]; logged: string[]; round: () => void; isBroken: boolean };

function told(): World & { end: () => void } {
  const world: World = { sent: [], logged: [], round: () => {}, isBroken: false };
  const end = tellSystemd({
    send: (message) => {
      if (world.isBroken) throw new Error('ECONNREFUSED');
      world.sent.push(message);
    },
    onRound: (call) => {
      world.round = call;
      return () => {
        world.round = () => {};
      };
    },
    status: () => 'STATUS=well',
    log: (message) => void world.logged.push(message),
  });
  return Object.assign(world, { end });
}

test('systemd hears when it is ready, of each good round, and when it ends', () => {
  const world = told();
  world.round();
  world.end();
  world.round();
  assert.deepEqual(world.sent, [
    `READY=1\nMAINPID=${process.pid}\nSTATUS=well`,
    'WATCHDOG=1\nSTATUS=well',
    'STOPPING=1\nSTATUS=Ending; agents go on.',
  ]);
});

test('a systemd that cannot be reached is told of once, until it can be again', () => {
  const world = told();
  world.isBroken = true;
  world.round();
  world.round();
  world.isBroken = false;
  world.round();
  world.isBroken = true;
  world.end();
  assert.deepEqual([world.logged.length, world.sent.length], [2, 2]);
});

test('the status counts and names nobody', () => {
  const turns = { running: 2, waiting: 0, max: 5 };
  assert.equal(
    statusLine({ state: 'healthy', turns, sidecars: [], openApprovals: 1 }),
    'STATUS=healthy; 2 of 5 turns, 0 sidecars, 1 open questions',
  );
});
