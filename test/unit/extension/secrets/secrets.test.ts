import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { StoreKind } from '../../../../extension/secrets/secret-store-kind.ts';
import { Secrets } from '../../../../extension/secrets/secrets.ts';
import type { SecretInfo } from '../../../../server/protocol/secret.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';

/** VS Code's store, played by a test. */
class FakeStorage {
  readonly values = new Map<string, string>();
  readonly calls: string[] = [];
  fails = false;
  forgets = false;
  /** How many more times it does not open. */
  lockedFor = 0;

  async store(key: string, value: string): Promise<void> {
    this.calls.push(`store ${key.split('/')[0]}`);
    if (this.fails) throw new Error('no keyring');
    if (!this.forgets) this.values.set(key, value);
  }

  async get(key: string): Promise<string | undefined> {
    if (this.lockedFor > 0) {
      this.lockedFor -= 1;
      throw new Error('locked, with sk-canary in its words');
    }
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
let told: string[];
let waits: number;

beforeEach(() => {
  storage = new FakeStorage();
  kind = 'system';
  recorded = [];
  names = [];
  told = [];
  waits = 0;
  secrets = new Secrets({
    storage,
    storeKind: () => kind,
    names: async () => names,
    record: async (name, deleted) => void recorded.push([name, deleted]),
    onLocked: (error) => void told.push(error.message),
    wait: async () => ++waits < 5,
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

describe('another value for a secret', () => {
  it('takes the place of the old one, and only where there is one', async () => {
    await secrets.storeSecret('anthropic', 'sk-canary-old');
    assert.equal(await secrets.replaceSecret('anthropic', 'sk-canary-new'), true);
    assert.equal(await secrets.getSecret('anthropic'), 'sk-canary-new');
    assert.equal(await secrets.replaceSecret('other', 'sk-canary-new'), false);
    assert.equal(await secrets.getSecret('other'), null);
  });

  it('is refused in one sentence without the value where the keyring is locked or gone, and the old one stays', async () => {
    await secrets.storeSecret('anthropic', 'sk-canary-old');
    for (const lock of [() => (storage.lockedFor = 1), () => (storage.fails = true), () => (storage.forgets = true)]) {
      lock();
      const refused = { code: 'unavailable', message: /^The keyring of this computer is locked or gone(?!.*canary)/ };
      await assert.rejects(secrets.replaceSecret('anthropic', 'sk-canary-new'), refused);
      Object.assign(storage, { lockedFor: 0, fails: false, forgets: false });
      assert.equal(await secrets.getSecret('anthropic'), 'sk-canary-old');
    }
  });
});

describe('a keyring that is locked when the backend asks', () => {
  it('is told of once and asked until it opens', async () => {
    await secrets.storeSecret('anthropic', 'sk-canary');
    storage.lockedFor = 3;
    const [first, second] = await Promise.all([secrets.giveSecret('anthropic'), secrets.giveSecret('anthropic')]);
    assert.deepEqual([first, second], ['sk-canary', 'sk-canary']);
    assert.equal(told.length, 1);
    assert.doesNotMatch(told[0] ?? '', /canary/);
  });

  it('is let be when the window is closed', async () => {
    storage.lockedFor = 100;
    assert.equal(await secrets.giveSecret('anthropic'), null);
  });
});
