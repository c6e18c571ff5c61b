import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import { demoEnvironment, type Host, programEnvironment } from '../../../server/sidecar/program-environment.ts';

const host: Host = {
  homeDir: '/home/someone',
  runToken: 'of this run',
  controlSocket: '/agents/1/agent/door/control.sock',
  execPath: '/opt/node',
  programsDir: '/data/runtime/1',
  environment: {
    HOME: '/home/someone',
    USER: 'someone',
    LANG: 'de_DE.UTF-8',
    LC_TIME: 'C',
    TZ: 'UTC',
    SHELL: '/bin/zsh',
    PATH: '/sidecar/bin',
    NODE_OPTIONS: '--inspect',
    VSCODE_CWD: '/x',
    ELECTRON_RUN_AS_NODE: '1',
    AGOR_DATA_DIR: '/data',
    SSH_AUTH_SOCK: '/agent.sock',
    OTHER_AGENTS_KEY: 'k',
  },
};
const runId = '01890a5d-ac96-774b-bcce-b302099a8057' as RunId; // Of the form that ids have.
const agentId = '01890a5d-ac96-774b-bcce-b302099a8058' as AgentId; // Likewise.
const record = { path: '/person/bin', agentDir: '/agents/1/agent', agentId, runId, environment: {} };

test('a program gets the fixed list, the recorded PATH and a temporary folder of its own, and nothing else', () => {
  assert.deepEqual(programEnvironment(record, {}, host), {
    HOME: '/home/someone',
    USER: 'someone',
    LANG: 'de_DE.UTF-8',
    LC_TIME: 'C',
    TZ: 'UTC',
    SHELL: '/bin/zsh',
    PATH: '/person/bin',
    TMPDIR: '/agents/1/agent/tmp/099a8057',
    AGOR_RUN_TOKEN: 'of this run',
    AGOR_CONTROL_SOCKET: '/agents/1/agent/door/control.sock',
    AGOR_NODE: '/opt/node',
    AGOR_PROGRAMS: '/data/runtime/1',
    BTMSG_AGENT_ID: agentId,
  });
});

test('without a recorded PATH the sidecar’s own is used, and without that the usual folders', () => {
  assert.equal(programEnvironment({ ...record, path: null }, {}, host).PATH, '/sidecar/bin');
  assert.equal(programEnvironment({ ...record, path: null }, {}, { ...host, environment: {} }).PATH, '/usr/local/bin:/usr/bin:/bin');
});

test('our own commands come first on the PATH', () => {
  assert.equal(programEnvironment({ ...record, binDir: '/data/bin' }, {}, host).PATH, '/data/bin:/person/bin');
});

test('what was given with the agent is passed, a secret wins, and what steers our own processes never is', () => {
  const environment = {
    ENDPOINT: 'http://one',
    KEY: 'shown',
    AGOR_DEMO_SPEED: '0',
    AGOR_DATA_DIR: '/d',
    NODE_OPTIONS: '-r x',
    VSCODE_PID: '1',
    ELECTRON_X: '1',
  };
  const secrets = { KEY: 'secret', AGOR_RUN_TOKEN: '', AGOR_DATA_DIR: '/e' };
  const { ENDPOINT, KEY, AGOR_DEMO_SPEED, AGOR_RUN_TOKEN, AGOR_CONTROL_SOCKET, ...rest } = programEnvironment(
    { ...record, environment },
    secrets,
    host,
  );
  assert.deepEqual([ENDPOINT, KEY, AGOR_DEMO_SPEED, AGOR_RUN_TOKEN], ['http://one', 'secret', '0', 'of this run']);
  assert.equal(AGOR_CONTROL_SOCKET, host.controlSocket);
  assert.deepEqual(
    Object.keys(rest).filter((name) => /^(AGOR|NODE|VSCODE|ELECTRON)/.test(name)),
    ['AGOR_NODE', 'AGOR_PROGRAMS'],
  );
});

test('the demo agent runs as Node where the sidecar’s runtime is an editor', () => {
  assert.deepEqual(demoEnvironment(record, false), { AGOR_DEMO_STATE_DIR: '/agents/1/agent/demo' });
  assert.equal(demoEnvironment(record, true).ELECTRON_RUN_AS_NODE, '1');
});
