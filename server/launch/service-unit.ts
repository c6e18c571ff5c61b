/** Puts the unit of a service in its place, takes it away, and asks systemd how it is. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import { unitName } from './unit-file.ts';

export type Manager = 'user' | 'system';
type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export type UnitHost = {
  readonly manager: Manager;
  readonly folder: string;
  readonly systemctl: (args: readonly string[]) => Ran;
  /** Why there is none here, in a sentence; undefined when there is. */
  readonly noSystemd: () => string | undefined;
};

export type UnitState = { readonly installed: boolean; readonly isCurrent: boolean; readonly active: string; readonly enabled: string };

const answerMs = 90_000;

export function unitHost(manager: Manager, { env, home }: { readonly env: NodeJS.ProcessEnv; readonly home: string }): UnitHost {
  const folder = manager === 'system' ? '/etc/systemd/system' : join(env.XDG_CONFIG_HOME || join(home, '.config'), 'systemd', 'user');
  const systemctl = (args: readonly string[]) => {
    const all = [...(manager === 'user' ? ['--user'] : []), '--no-pager', ...args];
    const { status, stdout, stderr, error } = spawnSync('systemctl', all, { encoding: 'utf8', timeout: answerMs });
    return { status, stdout: stdout ?? '', stderr: error ? error.message : (stderr ?? '') };
  };
  return { manager, folder, systemctl, noSystemd: () => noSystemd(manager, env) };
}

/** As `sd_booted` looks, and for a person's manager whether it can be asked. */
function noSystemd(manager: Manager, env: NodeJS.ProcessEnv): string | undefined {
  const otherwise = 'Let what starts programs here run "agor serve" instead.';
  if (!existsSync('/run/systemd/system')) return `This system is not run by systemd, so no service can be installed. ${otherwise}`;
  if (manager === 'system' || existsSync(join(env.XDG_RUNTIME_DIR ?? '/nowhere', 'systemd/private'))) return undefined;
  return 'Your own service manager of systemd cannot be reached (is XDG_RUNTIME_DIR set?), so no service can be installed. Log in directly instead of by su or sudo, or install with --system.';
}

export function unitPath({ folder }: Pick<UnitHost, 'folder'>): string {
  return join(folder, unitName);
}

export function requireSystemd(host: UnitHost): void {
  const problem = host.noSystemd();
  if (problem) throw new AgorError('unavailable', problem);
}

/** Writes the unit and lets systemd start it now and at each boot; `restart` also where it runs already. */
export function installUnit(host: UnitHost, text: string): void {
  requireSystemd(host);
  const path = unitPath(host);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileWhole(path, text, 0o644);
  } catch (error) {
    throw asStorageError(error, path);
  }
  for (const args of [['daemon-reload'], ['enable', unitName], ['restart', unitName]]) ask(host, args);
}

/** False when there was none. */
export function uninstallUnit(host: UnitHost): boolean {
  requireSystemd(host);
  const path = unitPath(host);
  if (!lstatSync(path, { throwIfNoEntry: false })) return false;
  ask(host, ['disable', '--now', unitName]);
  rmSync(path, { force: true });
  ask(host, ['daemon-reload']);
  return true;
}

/** `text` is what would be written now. */
export function unitState(host: UnitHost, text: string): UnitState {
  requireSystemd(host);
  const path = unitPath(host);
  const installed = existsSync(path);
  const word = (args: readonly string[]) => host.systemctl(args).stdout.trim() || 'unknown';
  const isCurrent = installed && readFileSync(path, 'utf8') === text;
  return { installed, isCurrent, active: word(['is-active', unitName]), enabled: word(['is-enabled', unitName]) };
}

function ask({ manager, systemctl }: UnitHost, args: readonly string[]): void {
  const { status, stderr } = systemctl(args);
  if (status === 0) return;
  const called = `systemctl ${manager === 'user' ? '--user ' : ''}${args.join(' ')}`;
  throw new AgorError('unavailable', `systemd refused "${called}": ${stderr.trim().split('\n').at(-1) || 'it gave no reason'}`);
}
