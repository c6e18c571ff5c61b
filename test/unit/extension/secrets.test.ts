import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { StoreKind } from '../../../extension/secret-store-kind.ts';
import { Secrets } from '../../../extension/secrets.ts';
import type { SecretInfo } from '../../../server/protocol/secret.ts';
import { plainTranslate } from '../../support/plain-translate.ts';

/** VS Code's store, played by a test. */
class FakeStorage {
  readonly values = new Map<string, string>();
  readonly calls: string[] = [];
  fails = false;
  forgets = false;

  async store(key: string, value: string): Promise<void> {
    this.calls.push(`store ${key.split('/')[0]}`);
    if (this.fails) throw new Error('no keyring');
    if (!this.forgets) this.values.set(key, value);
  }

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }
}

let storage: FakeStorage;
let kind: StoreKind;
let recorded: unknown[];
let names: SecretInfo[];
let secrets: Secrets;

beforeEach(() => {
  storage = new FakeStorage();
  kind = 'system';
  recorded = [];
  names = [];
  secrets = new Secrets({
    storage,
    storeKind: () => kind,
    names: async () => names,
    record: async (name, deleted) => void recorded.push([name, deleted]),
    t: plainTranslate,
  });
});

describe('a secret', () => {
  it('that is stored can be read and deleted, and each change is told by name only', async () => {
    await secrets.storeSecret('anthropic', 'sk-canary');
    assert.equal(await secrets.getSecret('anthropic'), 'sk-canary');
    await secrets.deleteSecret('anthropic');
    assert.equal(await secrets.getSecret('anthropic'), null);
    assert.deepEqual(recorded, [
      ['anthropic', false],
      ['anthropic', true],
    ]);
    assert.deepEqual([...storage.values], []);
  });

  it('is listed by name, time and source, and with whether this window has it', async () => {
    await secrets.storeSecret('here', 'sk-canary');
    names = [
      { name: 'here', updatedAt: 1, source: 'window' },
      { name: 'elsewhere', updatedAt: 2, source: 'window' },
      { name: 'here', updatedAt: 3, source: 'descriptor' },
    ];
    const listed = await secrets.listSecrets();
    assert.deepEqual(
      listed.map(({ isHere }) => isHere),
      [true, false, false],
    );
    assert.equal(JSON.stringify(listed).includes('canary'), false);
  });
});

describe('the keyring', () => {
  it('is found by storing, reading and deleting a value of no worth, once', async () => {
    assert.equal(await secrets.hasKeyring(), true);
    await secrets.storeSecret('anthropic', 'v');
    assert.deepEqual(storage.calls, ['store agor-canary', 'store agor']);
    assert.equal(storage.values.size, 1);
  });

  for (const [name, lack] of [
    [
      'that refuses',
      () => {
        storage.fails = true;
      },
    ],
    [
      'that forgets at once',
      () => {
        storage.forgets = true;
      },
    ],
    [
      'that VS Code only plays in its memory',
      () => {
        kind = 'memory';
      },
    ],
  ] as const) {
    it(`${name} is none: nothing is stored, and one error says what to do`, async () => {
      lack();
      assert.equal(await secrets.hasKeyring(), false);
      await assert.rejects(secrets.storeSecret('anthropic', 'sk-canary'), {
        code: 'unavailable',
        message: /no keyring.*gnome-keyring.*agor secret/,
      });
      assert.deepEqual([[...storage.values], recorded], [[], []]);
    });
  }

  it('that was locked is looked for again', async () => {
    storage.fails = true;
    assert.equal(await secrets.hasKeyring(), false);
    storage.fails = false;
    assert.equal(await secrets.hasKeyring(), true);
  });
});
