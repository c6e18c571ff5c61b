/** What "About" says of the window and of the backend behind it, as names and values. */
import type { BuildInfo, Health } from '../../server/protocol/health.ts';
import type { Translate } from '../text/translate.ts';

export type AboutFacts = {
  readonly own: BuildInfo;
  readonly editorVersion: string;
  /** Undefined while the backend is away. */
  readonly health: Health | undefined;
};

export function aboutLines({ own, editorVersion, health }: AboutFacts, t: Translate): string[] {
  const window = [`${t('Version')}: ${own.version}`, `${t('Commit')}: ${own.gitSha}`, `${t('Built')}: ${builtText(own, t)}`];
  const machine = [`VS Code: ${editorVersion}`, `Node: ${health?.build.nodeVersion ?? own.nodeVersion}`];
  if (!health) return [...window, ...machine, `${t('Backend')}: ${t('not connected')}`];
  const { build, pid, dataDir } = health;
  const backend = build.gitSha === own.gitSha && build.buildTime === own.buildTime ? t('the same build') : describe(build, t);
  return [...window, ...machine, `${t('Backend')}: ${backend}, ${t('process {0}', pid)}`, `${t('Data directory')}: ${dataDir}`];
}

function describe(build: BuildInfo, t: Translate): string {
  return `${build.version} (${build.gitSha.slice(0, 9)}), ${builtText(build, t)}`;
}

function builtText({ buildTime }: BuildInfo, t: Translate): string {
  return buildTime === 0 ? t('from sources') : new Date(buildTime).toISOString();
}
