/**
 * A real VS Code without an installed one: the server inside the npm package code-server, started without code-server's
 * own layer, and opened in a browser.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder, root, runNpm, scrubbedEnvironment } from './environment.ts';
import { endProcesses, listProcesses } from './processes.ts';

const version = '4.139.1';
const startTimeoutMs = 60_000;
const stopGraceMs = 5_000;

export type ServerOptions = {
  /** Holds the server's settings, state, extensions and log; made when missing. */
  home: string;
  settings: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string>>;
  /** Whose pages it opens: with `installed`, it is as it is for its users, messages by the corner included. */
  extension: UrlExtension['kind'];
};

export type UrlExtension = { kind: 'development'; testsPath?: string } | { kind: 'installed' };

export type VsCodeServer = {
  pid: number;
  home: string;
  /** Where a browser opens the folder: with the extension of this repository, or only with what is installed. */
  url(folder: string, extension: UrlExtension): string;
  exited: Promise<number | null>;
  stop(): Promise<void>;
  /** For the last moment of this process, when nothing can be awaited any more. */
  killNow(): void;
};

/** Fetches the server on first use, and answers the folder of VS Code in it. */
export function installVsCodeServer(): string {
  const folder = join(cacheFolder(), `code-server-${version}-node${process.versions.modules}`);
  const vscode = join('node_modules', 'code-server', 'lib', 'vscode');
  if (existsSync(folder)) return join(folder, vscode);
  console.log(`No VS Code found: fetching VS Code's own server ${version} from npm into ${folder} (once, about a minute).`);
  // Built aside and renamed when whole, so that a run that is cut short or runs twice leaves no half of it.
  mkdirSync(cacheFolder(), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  try {
    fetchVsCodeServer(partial, join(partial, vscode));
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true, maxRetries: 10 });
  }
  return join(folder, vscode);
}

/** Installs a packed extension into the home of a server that is not running. */
export function installVsix(home: string, vsix: string): void {
  const args = ['--server-data-dir', home, '--extensions-dir', join(home, 'extensions'), '--install-extension', vsix];
  const program = join(installVsCodeServer(), 'out', 'server-main.js');
  execFileSync(process.execPath, [program, ...args], { env: scrubbedEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Starts the server on a free port of the loopback interface and waits until it answers. */
export async function startVsCodeServer(options: ServerOptions): Promise<VsCodeServer> {
  const vscode = installVsCodeServer();
  writeSettings(options.home, options.settings);
  // VS Code puts sockets here, whose paths must be short.
  const runtimeFolder = mkdtempSync(join(tmpdir(), 'agor-vs-'));
  const token = randomBytes(16).toString('hex');
  const port = Number(process.env.AGOR_PORT ?? 0) || (await freePort());
  const logFile = join(options.home, 'server.log');
  const child = spawnServer([join(vscode, 'out', 'server-main.js'), ...serverArguments(options, port, token)], logFile, {
    ...scrubbedEnvironment(),
    ...options.env,
    XDG_RUNTIME_DIR: runtimeFolder,
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const server = serverOf(child, { home: options.home, authority: `127.0.0.1:${port}`, token, exited, runtimeFolder });
  await untilAnswering(server, child, `http://127.0.0.1:${port}/version`, logFile);
  return server;
}

function fetchVsCodeServer(folder: string, vscode: string): void {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'agor-dev-editor', private: true, dependencies: { 'code-server': version } }),
  );
  // Without install scripts: code-server's own insists on one Node version in npm's user agent and compiles seven addons,
  // most of them for other systems.
  for (const target of [folder, vscode, join(vscode, 'extensions')]) {
    if (runNpm(target, ['install', '--omit=dev', '--ignore-scripts']) !== 0)
      throw new Error(`npm could not install code-server in ${target}.`);
  }
  if (runNpm(vscode, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog']) !== 0) {
    console.warn('There is no C++ compiler: this VS Code works, but its output channels stay empty.');
  }
}

/**
 * Application-wide settings such as workspace trust are read from the user's settings only, not from the machine's. What
 * is there is left alone, so that a home can be used again with what was changed in it.
 */
function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  const file = join(home, 'data', 'User', 'settings.json');
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ ...quietSettings, ...settings }, null, 2)}\n`);
}

const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

function serverArguments({ home, extension }: ServerOptions, port: number, token: string): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--connection-token', token],
    ...['--server-data-dir', home, '--extensions-dir', join(home, 'extensions')],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    // A built VS Code takes an extension under development from its address only with this, and then shows no messages.
    ...(extension === 'development' ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** In a process group of its own: a signal to the server alone leaves its extension hosts behind. */
function spawnServer(args: readonly string[], logFile: string, env: Record<string, string>): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return child;
}

type Started = { home: string; authority: string; token: string; exited: Promise<number | null>; runtimeFolder: string };

function serverOf(child: ChildProcess, started: Started): VsCodeServer {
  const pid = child.pid ?? 0;
  const ofGroup = () => listProcesses().filter((entry) => entry.groupId === pid);
  const remote = (path: string) => `vscode-remote://${started.authority}${path}`;
  return {
    pid,
    home: started.home,
    exited: started.exited,
    url(folder, extension) {
      const payload: [string, string][] = [];
      if (extension.kind === 'development') {
        payload.push(['extensionDevelopmentPath', remote(root)]);
        if (extension.testsPath) payload.push(['extensionTestsPath', remote(extension.testsPath)]);
      }
      const query = new URLSearchParams({ tkn: started.token, folder, payload: JSON.stringify(payload) });
      return `http://${started.authority}/?${query}`;
    },
    async stop() {
      await endProcesses(ofGroup, stopGraceMs);
      rmSync(started.runtimeFolder, { recursive: true, force: true, maxRetries: 10 });
    },
    killNow() {
      for (const entry of ofGroup()) process.kill(entry.pid, 'SIGKILL');
    },
  };
}

async function untilAnswering(server: VsCodeServer, child: ChildProcess, address: string, logFile: string): Promise<void> {
  for (const giveUpAt = Date.now() + startTimeoutMs; Date.now() < giveUpAt && child.exitCode === null; await delay(50)) {
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return;
  }
  await server.stop();
  throw new Error(`VS Code's server did not start. The end of ${logFile}:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port on 127.0.0.1.');
  return address.port;
}
