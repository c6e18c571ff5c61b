import assert from 'node:assert/strict';
import { commands } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('secrets in VS Code', () => {
  let subject: ExtensionForTests;
  const name = 'host-test';
  const value = 'sk-canary-of-the-host';

  beforeEach(async () => {
    subject = await connectedSubject();
  });
  afterEach(async () => {
    await subject.secrets.deleteSecret(name);
  });

  const listed = async () => (await subject.secrets.listSecrets()).find((secret) => secret.name === name);

  it('are stored, listed by name and time, and deleted, in the editor’s own store', async () => {
    assert.equal(await subject.secrets.hasKeyring(), true);
    await subject.secrets.storeSecret(name, value);
    assert.equal(await subject.secrets.getSecret(name), value);
    const secret = await listed();
    assert.deepEqual([secret?.source, secret?.isHere], ['window', true]);
    assert.equal(JSON.stringify(secret).includes(value), false);
    await subject.secrets.deleteSecret(name);
    assert.deepEqual([await subject.secrets.getSecret(name), await listed()], [null, undefined]);
  });

  it('are labelled as weakly kept, because this editor runs in a browser', () => {
    assert.equal(subject.secrets.storeKind, 'browser');
  });

  it('are given to an agent that waited for one as soon as it is set', async () => {
    const { backend, fleet, secrets } = subject;
    const [project] = (await backend.call('project/list', {})).projects;
    assert.ok(project);
    const secretUses = [{ variable: 'HOST_TEST_TOKEN', secret: name }];
    const { id } = await backend.call('agent/add', { project: project.id, name: 'waiting', provider: 'demo', secretUses });
    const is = (state: string) => until(fleet.onDidChange, () => fleet.agent(id)?.state === state);
    try {
      await assert.rejects(Promise.resolve(backend.call('agent/start', { agent: id })), { code: 'needsCredentials' });
      await is('waitingForCredentials');
      await secrets.storeSecret(name, value);
      await is('idle');
    } finally {
      await backend.call('agent/remove', { agent: id });
    }
  });

  it('get another value where the old one is, when the backend is asked for it', async () => {
    const { backend, secrets } = subject;
    await secrets.storeSecret(name, value);
    const rotation = await backend.call('secret/rotate', { name, value: `${value}-rotated` });
    assert.deepEqual([rotation.keptBy, rotation.agents], ['window', []]);
    assert.equal(await secrets.getSecret(name), `${value}-rotated`);
  });

  it('has commands for all of it', async () => {
    const known = await commands.getCommands(true);
    for (const command of ['agor.setSecret', 'agor.rotateSecret', 'agor.deleteSecret', 'agor.listSecrets', 'agor.changeCredentials'])
      assert.ok(known.includes(command));
  });
});
