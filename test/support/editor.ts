/** A VS Code server with the built extension, its own settings and its own data directory, for one test file. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { root } from '../../scripts/environment.ts';
import { endProcesses, listProcesses, processesOf, type RunningProcess } from '../../scripts/processes.ts';
import { copySample } from '../../scripts/sample.ts';
import { installVsix, startVsCodeServer, type UrlExtension, type VsCodeServer } from '../../scripts/vscode-server.ts';
import { launchBrowser } from './browser.ts';
import { Workbench } from './workbench.ts';

export type EditorOptions = {
  /** The workspace; a fresh copy of the sample project unless given. */
  folder?: string;
  /** The backend's data directory; a fresh one unless given. A given one is left in place. */
  dataDir?: string;
  settings?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string>>;
  /** A packed extension to install and use in place of the repository's. */
  vsix?: string;
  /** Everything is trusted, unless a test is about a window that starts in restricted mode. */
  trust?: 'trusted' | 'restricted';
};

const backendGraceMs = 5_000;

export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const home = mkdtempSync(join(tmpdir(), 'agor-e2e-'));
  const folder = options.folder ?? join(home, 'sample');
  if (!options.folder) copySample(folder);
  const dataDir = options.dataDir ?? join(home, 'data');
  const serverHome = join(home, 'vscode');
  // What a killed process leaves among the temporary files goes with the rest.
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  if (options.vsix) installVsix(serverHome, options.vsix);
  const extension: UrlExtension = { kind: options.vsix ? 'installed' : 'development' };
  const server = await startVsCodeServer({
    home: serverHome,
    extension: extension.kind,
    settings: { 'security.workspace.trust.enabled': options.trust === 'restricted', ...options.settings },
    env: { AGOR_DATA_DIR: dataDir, AGOR_CONFIG_DIR: join(home, 'config', 'agor'), TMPDIR: temporary, ...options.env },
  });
  return new Editor({ home, folder, dataDir, server, extension });
}

export class Editor {
  readonly folder: string;
  readonly dataDir: string;
  readonly #home: string;
  readonly #server: VsCodeServer;
  readonly #extension: UrlExtension;
  /** When a run is cut short, what was started still ends with it. */
  readonly #endAtExit = () => this.#endNow();
  #browser: Promise<Browser> | undefined;

  constructor(parts: { home: string; folder: string; dataDir: string; server: VsCodeServer; extension: UrlExtension }) {
    this.#extension = parts.extension;
    this.folder = parts.folder;
    this.dataDir = parts.dataDir;
    this.#home = parts.home;
    this.#server = parts.server;
    process.once('exit', this.#endAtExit);
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
  }

  get url(): string {
    return this.#server.url(this.folder, this.#extension);
  }

  /** Opens the same window, in which VS Code runs the tests of the file and then ends. */
  urlOfTests(testsPath: string): string {
    return this.#server.url(this.folder, { kind: 'development', testsPath });
  }

  /** Opens a window; each has its own extension host, and all share the backend. */
  async openPage(): Promise<Workbench> {
    this.#browser ??= launchBrowser();
    const context = await (await this.#browser).newContext({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' });
    const workbench = new Workbench(await context.newPage());
    await workbench.open(this.url);
    return workbench;
  }

  /** As a person changes them for the machine that VS Code's server runs on; VS Code reads the file anew by itself. */
  changeSettings(settings: Readonly<Record<string, unknown>>): void {
    const folder = join(this.#server.home, 'data', 'Machine');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  }

  /** The process ids of the extension hosts, one for each window. */
  extensionHosts(): number[] {
    return listProcesses()
      .filter((entry) => entry.groupId === this.#server.pid && entry.command.includes('--type=extensionHost'))
      .map(({ pid }) => pid);
  }

  /** Kills the extension hosts of all windows, as a crash would. VS Code's server starts another only for a reloaded page. */
  killExtensionHost(): number[] {
    const hosts = this.extensionHosts();
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
    return hosts;
  }

  /** The backend, the sidecars and their agents. */
  backendProcesses(): RunningProcess[] {
    return processesOf(this.dataDir).filter((entry) => entry.groupId !== this.#server.pid);
  }

  /** The command line of the same build, in the same data directory; its one document of JSON. */
  async agor<T = unknown>(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<T> {
    const split = args.indexOf('--');
    const withJson = args.toSpliced(split === -1 ? args.length : split, 0, '--json');
    const env = { ...process.env, AGOR_DATA_DIR: this.dataDir, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist', 'cli', 'agor.js'), ...withJson], { env });
    // Each test knows what it asked for.
    return JSON.parse(stdout) as T;
  }

  /** Ends the pages, the server, the backend and all that runs below it, and forgets the temporary folders. */
  async stop(): Promise<void> {
    await this.#closeBrowser();
    await this.#server.stop();
    await endProcesses(() => processesOf(this.dataDir), backendGraceMs);
    process.off('exit', this.#endAtExit);
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The last look of each window is kept, for a test that failed. */
  async #closeBrowser(): Promise<void> {
    const browser = await this.#browser;
    const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
    const name = basename(process.argv[1] ?? 'test', '.test.ts');
    for (const [index, page] of pages.entries()) await new Workbench(page).screenshot(`last-${name}-${index + 1}`);
    await browser?.close();
  }

  #endNow(): void {
    this.#server.killNow();
    for (const { pid } of processesOf(this.dataDir)) process.kill(pid, 'SIGKILL');
  }
}
