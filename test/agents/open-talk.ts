/** Opens conversations with an agent over a real backend, a real fence and a stand-in of the model's API. */
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CuttablePort } from '../support/cuttable-port.ts';
import { cacheFolder } from '../support/fetched-program.ts';
import { LiveBackend } from '../support/live-backend.ts';
import type { AgentDriver } from './driver.ts';
import { type ModelMood, Talk } from './talk.ts';

export type OpenTalk = { readonly talk: Talk; close(): Promise<void> };

/** From the sources, a program of ours needs its packages, which in a worktree may lie elsewhere. */
const packagesDir = realpathSync(fileURLToPath(new URL('../../node_modules', import.meta.url)));

/** `distDir`: the built programs; the sources unless told. */
export async function openTalk(driver: AgentDriver, distDir?: string): Promise<OpenTalk> {
  const { command } = await driver.install();
  const mood: ModelMood = { accepts: true, pace: async () => {}, errorBody: null };
  const model = await driver.startModel?.({
    pace: (part) => mood.pace(part),
    accepts: () => mood.accepts,
    errorBody: () => mood.errorBody,
  });
  const network = model === undefined ? null : new CuttablePort(model.url);
  await network?.mend();
  // Not below the temporary folder, where Codex refuses to have its home.
  mkdirSync(cacheFolder(), { recursive: true });
  const backend = await LiveBackend.create({ parent: cacheFolder(), environment, ...(distDir !== undefined && { distDir }) });
  const homeDir = homeOf(backend.root);
  mkdirSync(homeDir);
  const close = async () => {
    await backend.close();
    await network?.cut();
    await model?.close();
  };
  try {
    const connection = await backend.connect();
    if (distDir === undefined) await connection.call('settings/put', { values: { 'sandbox.readOnlyPaths': [packagesDir] } });
    await connection.call('project/add', { path: backend.project, trusted: true });
    const setUp = driver.setUp({ modelUrl: network?.url ?? '', homeDir, projectDir: backend.project });
    const { PATH: path = '' } = process.env;
    const { provider } = driver;
    const agent = await connection.call('agent/add', {
      project: 'project',
      name: 'tester',
      provider,
      command: [...command],
      path,
      ...setUp,
    });
    const { secrets = {} } = setUp;
    return { talk: new Talk({ driver, backend, connection, distDir, agent, secrets, model: model ?? null, mood, network }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing of whoever runs the suite but how programs are found. */
function environment(root: string): NodeJS.ProcessEnv {
  const { PATH, LANG, TMPDIR } = process.env;
  return { PATH, LANG, TMPDIR, HOME: homeOf(root) };
}

function homeOf(root: string): string {
  return join(root, 'home');
}
