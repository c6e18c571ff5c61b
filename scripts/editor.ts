/**
 * `npm start`: opens the extension in a real VS Code on the sample project, with a data directory of its own. Takes an
 * installed VS Code (named by AGOR_CODE, or `code` on PATH), else VS Code's own server for the browser.
 * `--fresh` forgets what earlier runs left, `--untrusted` opens the sample in restricted mode, and
 * `--install` only fetches what is missing.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, root, scrubbedEnvironment } from './environment.ts';
import { endProcesses, processesRunningFrom } from './processes.ts';
import { copySample } from './sample.ts';
import { installVsCodeServer, startVsCodeServer } from './vscode-server.ts';

const place = join(root, '.agor-dev');
const sample = join(place, 'sample');
const dataDir = join(place, 'data');
const places = { AGOR_DATA_DIR: dataDir, AGOR_CONFIG_DIR: join(place, 'config', 'agor') };
const backendGraceMs = 5_000;

const code = process.env.AGOR_CODE ?? findOnPath([process.platform === 'win32' ? 'code.cmd' : 'code']);
const flags = process.argv.slice(2);
const untrusted = flags.includes('--untrusted');
if (flags.includes('--install')) {
  if (!code) installVsCodeServer();
} else {
  await start();
}

async function start(): Promise<void> {
  await endBackend();
  if (flags.includes('--fresh')) rmSync(place, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  copySample(sample);
  if (code) await openInstalled(code);
  else await openInBrowser();
}

/** Everything but the browser's page ends with this process. */
async function openInBrowser(): Promise<void> {
  const home = join(place, untrusted ? 'vscode-untrusted' : 'vscode');
  // VS Code does not ask about trust in a window for extension development, it starts it in restricted mode.
  const settings = { 'security.workspace.trust.enabled': untrusted };
  const server = await startVsCodeServer({ home, settings, env: places, extension: 'development' });
  const stopping = stopSignal();
  console.log(`
Agent Orchestrator is ready. Open this address in a browser:

  ${server.url(sample, { kind: 'development' })}

The sample project and the demo agent are under "Agor" in the activity bar.
Ctrl+C stops VS Code, the backend and its agents.
`);
  const reason = await Promise.race([stopping, server.exited]);
  await server.stop();
  await endBackend();
  if (typeof reason !== 'string') throw new Error(`VS Code's server ended by itself; its log is ${join(home, 'server.log')}.`);
}

/** A window of its own user data, so that the installed VS Code's windows and settings are left alone. */
async function openInstalled(program: string): Promise<void> {
  const trust = untrusted ? [] : ['--disable-workspace-trust'];
  const own = [`--user-data-dir=${join(place, 'vscode-desktop')}`, `--extensionDevelopmentPath=${root}`];
  const args = ['--new-window', '--wait', ...trust, ...own, sample];
  const env = { ...scrubbedEnvironment(), ...places };
  const child = spawn(program, args, { env, stdio: 'inherit', shell: process.platform === 'win32' });
  console.log('Agent Orchestrator opens in a new window of VS Code. Closing the window, or Ctrl+C, stops it.');
  const closed = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await Promise.race([stopSignal(), closed]);
  if (child.exitCode === null) child.kill();
  await endBackend();
}

/** The backend outlives its windows, so a trial run has to end it; it and its sidecars run from a copy in the data directory. */
async function endBackend(): Promise<void> {
  await endProcesses(() => processesRunningFrom(join(dataDir, 'runtime')), backendGraceMs);
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve(name));
  });
}
