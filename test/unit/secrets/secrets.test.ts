import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { composeSecrets } from '../../../server/secrets/compose.ts';
import { givenSecrets } from '../../../server/secrets/headless-sources.ts';
import { SecretNames } from '../../../server/secrets/secret-names.ts';
import { Secrets } from '../../../server/secrets/secrets.ts';
import { rowHash } from '../../../server/store/row-hash.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let windows: Record<string, string>;
let clock: number;

beforeEach(() => {
  kept = new TestStores();
  windows = {};
  clock = 1_000;
});
afterEach(() => kept.remove());

const key = { variable: 'ANTHROPIC_API_KEY', secret: 'anthropic' };
const other = { variable: 'GITHUB_TOKEN', secret: 'github' };

function make(given: Record<string, string> = {}, credentialsDir?: string): Secrets {
  const { sessions: sessionsFile, btmsg: btmsgFile, audit } = kept.stores;
  const { secrets } = composeSecrets({
    ...{ sessionsFile, btmsgFile, audit, credentialsDir },
    askWindows: async (name) => windows[name] ?? null,
    given: new Map(Object.entries(given)),
    storeInWindows: async () => false,
    handOver: async () => [],
    now: () => clock++,
  });
  return secrets;
}

describe('of a secret that a window keeps', () => {
  it('the name and the time of its last change are kept, across a restart, and nothing else', () => {
    const secrets = make();
    secrets.record('anthropic', false, 'extension');
    secrets.record('anthropic', false, 'extension');
    secrets.record('github', false, 'extension');
    secrets.record('github', true, 'extension');
    kept.reopen();
    assert.deepEqual(make().list(), [{ name: 'anthropic', updatedAt: 1_002, source: 'window' }]);
  });

  it('each row has its hash, and each change its audit row with who made it', () => {
    const secrets = make();
    secrets.record('anthropic', false, 'extension');
    secrets.record('anthropic', true, 'cli');
    secrets.record('github', false, 'extension');
    const { sessions, btmsg } = kept.stores;
    const row = sessions.db.prepare<[], { updated_at: number; row_hash: string }>('select * from secret_names').get();
    assert.equal(row?.row_hash, rowHash(['github', row?.updated_at ?? 0]));
    assert.deepEqual(auditEvents(kept.stores), ['secret_recorded', 'secret_recorded', 'secret_recorded']);
    assert.deepEqual(btmsg.db.prepare('select actor, detail from audit_log order by seq').all().slice(0, 2), [
      { actor: 'extension', detail: '{"name":"anthropic","deleted":false}' },
      { actor: 'cli', detail: '{"name":"anthropic","deleted":true}' },
    ]);
  });

  it('whoever waited for it is told when it is set, and not when it is deleted', () => {
    const secrets = make();
    const told: string[] = [];
    secrets.available.on((name) => told.push(name));
    secrets.record('anthropic', false, 'extension');
    secrets.record('anthropic', true, 'extension');
    assert.deepEqual(told, ['anthropic']);
  });
});

describe('a value', () => {
  it('comes from a window before any other source, and then from them in their order', async () => {
    const folder = kept.folder('credentials');
    writeFileSync(join(folder, 'anthropic'), 'of systemd\n');
    const secrets = make({ anthropic: 'of the descriptor', github: 'of the descriptor' }, folder);
    assert.deepEqual(await secrets.read([key, other]), { ANTHROPIC_API_KEY: 'of systemd', GITHUB_TOKEN: 'of the descriptor' });
    windows.anthropic = 'of a window';
    assert.deepEqual(await secrets.read([key]), { ANTHROPIC_API_KEY: 'of a window' });
  });

  it('that no source has is left out', async () => {
    assert.deepEqual(await make().read([key, other]), {});
  });

  it('of systemd is read anew each time, without the line’s end, and only from a file of a usable name and size', async () => {
    const folder = kept.folder('credentials');
    const secrets = make({}, folder);
    writeFileSync(join(folder, 'anthropic'), 'first\r\n');
    assert.deepEqual(await secrets.read([key]), { ANTHROPIC_API_KEY: 'first' });
    writeFileSync(join(folder, 'anthropic'), 'second');
    assert.deepEqual(await secrets.read([key]), { ANTHROPIC_API_KEY: 'second' });
    writeFileSync(join(folder, 'huge'), 'x'.repeat(64 * 1024 + 1));
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'no name'), 'x');
    mkdirSync(join(folder, 'folder'));
    symlinkSync('/no/such/file', join(folder, 'dangling'));
    assert.deepEqual(
      secrets.list().map(({ name, source }) => [name, source]),
      [
        ['anthropic', 'credentialsDirectory'],
        ['empty', 'credentialsDirectory'],
      ],
    );
    for (const secret of ['huge', 'empty', 'folder', 'dangling'])
      assert.deepEqual(await secrets.read([{ variable: 'X', secret }]), {}, secret);
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
    assert.deepEqual([secrets.list(), await secrets.read([key])], [[], {}]);
  });

  it('that a window has too late is told as available, and the start does not wait for it', async () => {
    const late = Promise.withResolvers<string | null>();
    const { sessions, btmsg, audit } = kept.stores;
    const names = new SecretNames({
      db: sessions.db,
      write: (work) => sessions.write(work),
      audit: (entry) => btmsg.write(() => audit.append(entry)),
      now: () => clock,
    });
    const headless = [givenSecrets(new Map([['github', 'given']]), 1)];
    const secrets = new Secrets({ names, askWindows: () => late.promise, headless, windowTimeoutMs: 5 });
    const told: string[] = [];
    secrets.available.on((name) => told.push(name));
    assert.deepEqual(await secrets.read([key, other]), { GITHUB_TOKEN: 'given' });
    late.resolve('unlocked now');
    await late.promise;
    assert.deepEqual(told.sort(), ['anthropic', 'github']);
  });
});
