/** The activated extension as the tests of this folder see it, and waiting for what it tells by events. */
import { type Event, extensions } from 'vscode';
import type { Connection } from '../../extension/backend/connection.ts';
import type { ExtensionForTests } from '../../extension/extension.ts';

/** With the backend connected and its lists read. */
export async function connectedSubject(): Promise<ExtensionForTests> {
  const extension = extensions.getExtension<ExtensionForTests>('agor.agent-orchestrator');
  if (!extension) throw new Error('VS Code does not know the extension.');
  const subject = await extension.activate();
  await subject.fleet.whenLoaded();
  return subject;
}

/** Resolves when the condition holds, looking now and after each event; mocha's timeout ends a wait in vain. */
export function until(event: Event<unknown>, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const listener = event(() => {
      if (!condition()) return;
      listener.dispose();
      resolve();
    });
  });
}

export function untilPhase({ backend }: ExtensionForTests, phase: Connection['phase']): Promise<void> {
  return until(backend.onDidChangeConnection, () => backend.connection.phase === phase);
}
