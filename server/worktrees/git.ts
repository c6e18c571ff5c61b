/**
 * Runs git without a shell, with a bound on its time and its output, and so that nothing is executed that a repository
 * names: no hooks, file monitors, pagers, external differs, signers or ways to a server. Its filters and merge programs
 * are switched off by name, see `withoutPrograms`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { AgorError } from '../protocol/errors.ts';

export type GitPlace = {
  /** Where it runs; a folder below which no repository is looked for in its parents. */
  readonly cwd: string;
  /** The repository, where it is known and need not be believed from the folder. */
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly indexFile?: string;
  /** Settings that go before those of any file. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The mode mask for files that it makes; that of this process unless given. */
  readonly umask?: number;
};

export type GitWish = { readonly input?: string; readonly timeoutMs?: number; readonly isIdentified?: boolean };

export type GitAnswer = { readonly code: number; readonly stdout: string; readonly stderr: string };

const usualTimeoutMs = 60_000;
/** For what grows with the size of a repository. */
export const longTimeoutMs = 30 * 60_000;
const killAfterMs = 5_000;
const maxOutputBytes = 64 * 1024 * 1024;

const safeSettings: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.pager': 'cat',
  'core.sshCommand': 'false',
  'core.alternateRefsCommand': 'false',
  'core.quotePath': 'false',
  'credential.helper': '',
  'protocol.allow': 'never',
  'commit.gpgSign': 'false',
  'submodule.recurse': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
};

/** The output when git succeeds; otherwise throws what git said, as an `AgorError`. */
export async function git(place: GitPlace, args: readonly string[], wish: GitWish = {}): Promise<string> {
  const answer = await askGit(place, args, wish);
  if (answer.code === 0) return answer.stdout;
  throw failureOf(args, answer);
}

/** Whatever git answers. Throws when it cannot be run, takes too long or says too much. */
export function askGit(place: GitPlace, args: readonly string[], wish: GitWish = {}): Promise<GitAnswer> {
  const child = start(place, args, wish);
  return new Promise((resolve, reject) => {
    const end = new Ending(child, args, wish.timeoutMs ?? usualTimeoutMs);
    const [out, err] = [end.collect(child.stdout), end.collect(child.stderr)];
    child.on('error', (error) => reject(end.settle(missing(error))));
    child.on('close', (code) => {
      const problem = end.settle();
      if (problem) reject(problem);
      else resolve({ code: code ?? 1, stdout: text(out), stderr: text(err) });
    });
    // It may end without having read all.
    child.stdin?.on('error', () => {});
    child.stdin?.end(wish.input ?? '');
  });
}

/** Settings by which git runs none of the filters and merge programs that the repository's own configuration names. */
export async function withoutPrograms(place: GitPlace): Promise<GitPlace> {
  const named = '^(filter|merge)\\..+\\.(clean|smudge|process|required|driver)$';
  const { stdout } = await askGit(place, ['config', '--local', '--includes', '-z', '--name-only', '--get-regexp', named]);
  const settings = Object.fromEntries(stdout.split('\0').filter(Boolean).map(switchedOff));
  return { ...place, settings: { ...place.settings, ...settings } };
}

/** A merge program that only fails leaves a conflict, which is told. */
function switchedOff(name: string): [string, string] {
  if (name.endsWith('.driver')) return [name, 'false'];
  return [name, name.endsWith('.required') ? 'false' : ''];
}

function start(place: GitPlace, args: readonly string[], { isIdentified }: GitWish): ChildProcess {
  const ours = process.umask(place.umask ?? process.umask());
  try {
    const env = { ...environment(place), ...(isIdentified ? identity : {}) };
    return spawn('git', ['--no-pager', '--literal-pathspecs', ...args], { cwd: place.cwd, env, stdio: 'pipe' });
  } finally {
    process.umask(ours);
  }
}

const identity = {
  GIT_AUTHOR_NAME: 'Agent Orchestrator',
  GIT_AUTHOR_EMAIL: 'agor@localhost',
  GIT_COMMITTER_NAME: 'Agent Orchestrator',
  GIT_COMMITTER_EMAIL: 'agor@localhost',
};

/** Of our own environment only what git needs to find itself and the person's settings. */
function environment(place: GitPlace): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CONFIG_HOME, USERPROFILE, SystemRoot, TMPDIR } = process.env;
  const settings = Object.entries({ ...safeSettings, ...place.settings });
  return {
    ...defined({ PATH, HOME, XDG_CONFIG_HOME, USERPROFILE, SystemRoot, TMPDIR }),
    ...defined({ GIT_DIR: place.gitDir, GIT_WORK_TREE: place.workTree, GIT_INDEX_FILE: place.indexFile }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    GIT_CEILING_DIRECTORIES: parentOf(place.cwd),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_EDITOR: 'false',
    GIT_ASKPASS: 'false',
  };
}

function defined(entries: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function parentOf(folder: string): string {
  return folder.replace(/\/[^/]*\/?$/, '') || '/';
}

/** Ends a git that takes too long or says too much: first so that it takes its locks along. */
class Ending {
  readonly #child: ChildProcess;
  readonly #what: string;
  readonly #timer: NodeJS.Timeout;
  #kill: NodeJS.Timeout | undefined;
  #problem: AgorError | undefined;
  #bytes = 0;

  constructor(child: ChildProcess, args: readonly string[], timeoutMs: number) {
    this.#child = child;
    this.#what = `git ${args[0] ?? ''}`;
    const seconds = Math.round(timeoutMs / 1000);
    this.#timer = setTimeout(() => this.#end(`${this.#what} did not finish within ${seconds} s, so it was ended.`), timeoutMs);
  }

  collect(stream: NodeJS.ReadableStream | null): Buffer[] {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > maxOutputBytes) this.#end(`${this.#what} says more than can be taken in, so it was ended.`);
      else chunks.push(chunk);
    });
    return chunks;
  }

  settle(problem?: AgorError): AgorError | undefined {
    clearTimeout(this.#timer);
    clearTimeout(this.#kill);
    return this.#problem ?? problem;
  }

  #end(message: string): void {
    if (this.#problem) return;
    this.#problem = new AgorError('unavailable', `${message} Nothing was removed. Look whether the disk or the repository has a problem.`);
    this.#child.kill('SIGTERM');
    this.#kill = setTimeout(() => this.#child.kill('SIGKILL'), killAfterMs);
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

function missing(cause: Error): AgorError {
  return new AgorError('unavailable', 'git cannot be started. Install it, or put it on the PATH, then try again.', { cause });
}

function failureOf(args: readonly string[], { stderr }: GitAnswer): AgorError {
  const said = stderr
    .trim()
    .replaceAll(/^(fatal|error): /gm, '')
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .slice(0, 500);
  const message = `git ${args[0] ?? ''} failed: ${said || 'it does not say why.'}`;
  if (/No space left|Disk quota/i.test(stderr)) return new AgorError('storage', `${message} Make room on the disk, then try again.`);
  if (/\.lock'?: File exists/.test(stderr)) {
    return new AgorError('conflict', `${message} Another git is at work there; when none is, remove that file, then try again.`);
  }
  return new AgorError('conflict', message);
}
