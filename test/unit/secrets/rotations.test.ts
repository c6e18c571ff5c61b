import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { SecretHolder } from '../../../server/protocol/secret.ts';
import { composeSecrets } from '../../../server/secrets/compose.ts';
import { TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let windows: Record<string, string>;
let handed: [name: string, value: string][];
let holders: SecretHolder[];
let storing: (name: string, value: string) => Promise<boolean>;
let clock: number;

beforeEach(() => {
  kept = new TestStores();
  windows = { model: 'sk-canary-old' };
  handed = [];
  holders = [];
  clock = 1_000;
  storing = async (name, value) => {
    if (windows[name] === undefined) return false;
    windows[name] = value;
    return true;
  };
});
afterEach(() => kept.remove());

function make(given: Record<string, string> = {}) {
  const { sessions: sessionsFile, btmsg: btmsgFile, audit } = kept.stores;
  return composeSecrets({
    ...{ sessionsFile, btmsgFile, audit, credentialsDir: undefined },
    askWindows: async (name) => windows[name] ?? null,
    storeInWindows: (name, value) => storing(name, value),
    handOver: async (name, value) => {
      handed.push([name, value]);
      return holders;
    },
    given: new Map(Object.entries(given)),
    now: () => clock++,
  });
}

function holder(agent: string, takes: SecretHolder['takes']): SecretHolder {
  return { agentId: newId<SecretHolder['agentId']>(), agent, takes };
}

function told(): unknown[] {
  const rows = kept.stores.btmsg.db
    .prepare<[], string>(`select detail from audit_log where event = 'credential_rotated' order by seq`)
    .pluck();
  return rows.all().map((detail) => JSON.parse(detail));
}

describe('a rotation', () => {
  it('puts the value where the old one is kept, hands it to the agents, and tells who has it, without a word of it', async () => {
    const { secrets, rotations } = make();
    secrets.record('model', false, 'extension');
    holders = [holder('claude', 'now'), holder('codex', 'nextStart'), holder('asleep', 'whenStarted')];
    const rotation = await rotations.rotate('model', 'sk-canary-new', 'cli');
    assert.deepEqual(rotation, { name: 'model', keptBy: 'window', agents: holders, isFindable: true });
    assert.deepEqual([windows, handed], [{ model: 'sk-canary-new' }, [['model', 'sk-canary-new']]]);
    assert.deepEqual(told(), [
      { name: 'model', step: 'begun' },
      { name: 'model', step: 'done', keptBy: 'window', told: ['claude'], waiting: ['codex'], notRunning: ['asleep'] },
    ]);
    assert.ok((secrets.list()[0]?.updatedAt ?? 0) > 1_001, 'its time is that of the change');
    const rows = kept.stores.btmsg.db.prepare<[], string>('select detail from audit_log').pluck();
    assert.doesNotMatch(rows.all().join(), /canary/);
  });

  it('of what a descriptor gave stays in memory, and says when it cannot be looked for', async () => {
    const { secrets, rotations } = make({ github: 'sk-canary-old' });
    assert.equal((await rotations.rotate('github', 'short', 'cli')).isFindable, false);
    assert.equal(await secrets.value('github'), 'short');
  });

  it('without a value takes the one that the source has by now', async () => {
    const { secrets, rotations } = make();
    secrets.record('model', false, 'extension');
    windows.model = 'sk-canary-changed-elsewhere';
    await rotations.rotate('model', undefined, 'cli');
    assert.deepEqual(handed, [['model', 'sk-canary-changed-elsewhere']]);
  });

  it('that nobody can keep changes nothing and says so', async () => {
    const { secrets, rotations } = make();
    secrets.record('model', false, 'extension');
    windows = {};
    await assert.rejects(rotations.rotate('model', 'sk-canary-new', 'cli'), {
      code: 'unavailable',
      message: /No open window keeps the secret "model".*the old value stays in use/,
    });
    storing = async () => {
      throw new AgorError('unavailable', 'The keyring is locked.');
    };
    await assert.rejects(rotations.rotate('model', 'sk-canary-new', 'cli'), {
      code: 'unavailable',
      message: /^The keyring is locked\. Nothing was changed/,
    });
    await assert.rejects(rotations.rotate('unknown', 'sk-canary-new', 'cli'), { code: 'notFound', message: /"unknown". Known: model/ });
    assert.deepEqual(handed, []);
    assert.deepEqual(
      told().map((row) => JSON.stringify(row).match(/"step":"(\w+)"/)?.[1]),
      ['begun', 'notDone', 'begun', 'notDone'],
    );
  });

  it('is one at a time for each secret', async () => {
    const { secrets, rotations } = make();
    secrets.record('model', false, 'extension');
    const first = rotations.rotate('model', 'sk-canary-new', 'cli');
    await assert.rejects(rotations.rotate('model', 'sk-canary-newer', 'cli'), { code: 'conflict' });
    await first;
    await rotations.rotate('model', 'sk-canary-newer', 'cli');
    assert.equal(windows.model, 'sk-canary-newer');
  });
});

describe('a rotation that was cut off', () => {
  it('is finished once by the next backend, with whichever value is kept, as soon as somebody has it', async () => {
    const { secrets, rotations } = make();
    secrets.record('model', false, 'extension');
    storing = () => new Promise(() => {});
    void rotations.rotate('model', 'sk-canary-new', 'cli');
    kept.reopen();
    const value = windows.model ?? '';
    windows = {};
    const next = make().rotations;
    await next.resume();
    assert.deepEqual(handed, [], 'nobody has it yet');
    windows = { model: value };
    await next.resume();
    await next.resume();
    assert.deepEqual(handed, [['model', 'sk-canary-old']]);
    assert.deepEqual(told().at(-1), {
      name: 'model',
      step: 'done',
      keptBy: 'window',
      told: [],
      waiting: [],
      notRunning: [],
      wasCutOff: true,
    });
  });
});
