/**
 * Lets windows share who tells about a question: the one that has the project says that it does, through the backend, and
 * the others leave the question to it.
 */
import * as z from 'zod/mini';
import type { Approval } from '../server/protocol/approval.ts';
import type { Backend } from './backend.ts';

const view = 'toldApprovals';
const Ids = z.array(z.string());

/** `openIds`: all open questions of the project, since the last one put wins. */
export async function sayToldHere(backend: Pick<Backend, 'call'>, projectId: string, openIds: readonly string[]): Promise<void> {
  try {
    await backend.call('view/put', { view, key: projectId, state: JSON.stringify(openIds) });
  } catch {
    // Another window may then tell as well, which is better than none.
  }
}

export async function isToldElsewhere(backend: Pick<Backend, 'call'>, { id, projectId }: Approval): Promise<boolean> {
  try {
    const { state } = await backend.call('view/get', { view, key: projectId });
    return state !== null && Ids.parse(JSON.parse(state)).includes(id);
  } catch {
    // Told twice is better than not at all.
    return false;
  }
}
