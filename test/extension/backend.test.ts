import assert from 'node:assert/strict';
import { commands } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import type { ErrorCode } from '../../server/protocol/errors.ts';
import { connectedSubject, untilPhase } from './subject.ts';

// The extension is a bundle of its own, so its `AgorError` is another class than the one of this bundle.
const refusedAs = (code: ErrorCode) => ({ name: 'AgorError', code });

describe('the connection to the backend', () => {
  let subject: ExtensionForTests;
  const pid = async () => (await subject.backend.call('health/get', {})).pid;

  const restartByPerson = async () => {
    const away = untilPhase(subject, 'away');
    await commands.executeCommand('agor.restartBackend');
    await away;
    await untilPhase(subject, 'connected');
  };

  beforeEach(async () => {
    subject = await connectedSubject();
  });

  it("keeps the backend's own code and sentence when a request is refused", async () => {
    await assert.rejects(subject.backend.call('agent/start', { agent: 'no-such-agent' }), refusedAs('notFound'));
  });

  it('lets a person restart the backend, and attaches to the new one', async () => {
    const before = await pid();
    await restartByPerson();
    assert.notEqual(await pid(), before);
  });

  it('leaves a trust that was taken away as it is when it connects again', async () => {
    const { backend, fleet } = subject;
    const [project] = (await backend.call('project/list', {})).projects;
    assert.ok(project);
    await backend.call('project/trust', { project: project.id, trusted: false });
    const loaded = new Promise<void>((resolve) => {
      const listener = fleet.onDidLoad(() => {
        listener.dispose();
        resolve();
      });
    });
    await restartByPerson();
    await loaded;
    const { projects } = await backend.call('project/list', {});
    assert.equal(projects.find(({ id }) => id === project.id)?.trusted, false);
    await backend.call('project/trust', { project: project.id, trusted: true });
  });

  it('starts a backend that was killed again by itself; a request waits for it, and one that was under way fails as unavailable', async () => {
    const killed = await pid();
    process.kill(killed, 'SIGSTOP');
    const underWay = assert.rejects(subject.backend.call('health/get', {}), refusedAs('unavailable'));
    process.kill(killed, 'SIGKILL');
    await underWay;
    assert.notEqual(await pid(), killed);
    await untilPhase(subject, 'connected');
  });

  it('gives up after the third restart in a short time, says so, and goes on when a person asks for it', async function () {
    this.timeout(60_000);
    // A person's restart forgives the earlier ones.
    await restartByPerson();
    for (let kill = 0; kill < 3; kill++) {
      const away = untilPhase(subject, 'away');
      process.kill(await pid(), 'SIGKILL');
      await away;
      await untilPhase(subject, 'connected');
    }
    const failed = untilPhase(subject, 'failed');
    process.kill(await pid(), 'SIGKILL');
    await failed;
    await assert.rejects(subject.backend.call('health/get', {}), refusedAs('unavailable'));
    assert.deepEqual(subject.fleet.state.projects, []);
    await commands.executeCommand('agor.restartBackend');
    await untilPhase(subject, 'connected');
    await subject.fleet.whenLoaded();
    assert.notEqual(subject.fleet.state.projects.length, 0);
  });
});
