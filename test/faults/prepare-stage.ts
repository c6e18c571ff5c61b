/** Sets a stage in a data directory, through the product's own verbs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newToken } from '../../server/auth/token.ts';
import { newId } from '../../server/base/uuid.ts';
import type { RunId } from '../../server/protocol/ids.ts';
import type { StageFacts } from './stage.ts';
import type { Voice } from './verb.ts';

/** `folder` must be free for it. */
export async function prepareStage(voice: Voice, folder: string, index: number): Promise<StageFacts> {
  mkdirSync(folder, { recursive: true });
  // Faults come faster than any agent may write.
  await voice.call('settings/put', { values: { 'messages.perMinute': 100_000 } });
  const { id: project } = await voice.call('project/add', { path: folder, name: `stage ${index}`, trusted: true });
  const agent = async (name: string) => (await voice.call('agent/add', { project, name, provider: 'demo' })).id;
  const [pausedAgent, restingAgent, tellingAgent] = [await agent('paused'), await agent('resting'), await agent('telling')];
  await voice.call('agent/pause', { agent: pausedAgent });
  const session = async (of: string) => (await voice.call('session/create', { agent: of })).id;
  const pausedSessions = [await session(pausedAgent), await session(pausedAgent)] as const;
  const told = { tellingAgent, session: await session(tellingAgent), lastSeq: 0, tellingRun: newId<RunId>(), runToken: newToken() };
  return { folder: join(folder, 'more'), project, index, pausedAgent, pausedSessions, restingAgent, ...told };
}
