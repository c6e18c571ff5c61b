/** Has the conversation of the suite with one agent, each case with a backend of its own. */
import assert from 'node:assert/strict';
import { type CaseName, conversationCases } from './cases.ts';
import type { AgentDriver } from './driver.ts';
import { openTalk } from './open-talk.ts';
import type { Outcome } from './outcomes.ts';
import type { Talk } from './talk.ts';

export type Had = { readonly outcome: Outcome; readonly fence: string };

/** Never rejects: what goes wrong is the outcome. */
export async function haveConversation(driver: AgentDriver, name: CaseName, distDir?: string): Promise<Had> {
  try {
    let fence = '';
    const outcome = await runCase(
      driver,
      name,
      async (talk) => {
        fence = await fenceOf(talk);
      },
      distDir,
    );
    return { outcome, fence };
  } catch (error) {
    return { outcome: { kind: 'fails', problem: error instanceof Error ? error.message : String(error) }, fence: '' };
  }
}

/** Rejects when the program does not do it; what it cannot do at all must be shown to be so. */
export async function runCase(
  driver: AgentDriver,
  name: CaseName,
  look: (talk: Talk) => Promise<void> = async () => {},
  distDir?: string,
): Promise<Outcome> {
  const limit = driver.cannot[name];
  const { talk, close } = await openTalk(driver, distDir);
  try {
    await (limit === undefined ? conversationCases[name](talk) : limit.prove(talk));
    await look(talk);
  } finally {
    await close();
  }
  return limit === undefined ? { kind: 'works' } : { kind: 'cannot', reason: limit.reason };
}

/** Where the machine can build one, it is there. */
async function fenceOf(talk: Talk): Promise<string> {
  const { sandbox } = await talk.agent();
  assert.notEqual(sandbox, null, 'the program was started without a word about its fence');
  return sandbox?.files ?? '';
}
