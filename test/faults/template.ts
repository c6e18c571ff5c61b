/** A data directory with a stage in it, from which each point of a row gets a copy of its own. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LiveBackend, StageVoice } from './live.ts';
import { prepareStage } from './prepare-stage.ts';
import type { RowContext } from './row.ts';
import type { StageFacts } from './stage.ts';

export type Template = {
  readonly stages: readonly [StageFacts, ...StageFacts[]];
  /** Makes `name` anew below the row's scratch folder, and returns its path. */
  readonly copy: (name: string) => string;
};

export async function makeTemplate({ dist, scratch }: RowContext, moreStages = 0): Promise<Template> {
  const original = join(scratch, 'template');
  mkdirSync(original);
  const backend = new LiveBackend({ dist, dataDir: original });
  if (!(await backend.ready())) throw new Error(`the backend does not start: ${backend.stderr}`);
  const voice = new StageVoice(await backend.client());
  const stages: [StageFacts, ...StageFacts[]] = [await prepareStage(voice, join(scratch, 'stage-0'), 0)];
  for (let index = 1; index <= moreStages; index += 1) stages.push(await prepareStage(voice, join(scratch, `stage-${index}`), index));
  await voice.call('backend/stop', {});
  await backend.exited;
  voice.close();
  const copy = (name: string) => {
    const path = join(scratch, name);
    rmSync(path, { recursive: true, force: true });
    cpSync(original, path, { recursive: true });
    return path;
  };
  return { stages, copy };
}
