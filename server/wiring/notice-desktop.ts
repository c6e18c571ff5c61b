/** Builds the notices on the desktop: by which program, with what it may not be led to run. */
import { systemClock } from '../base/clock.ts';
import { Desktop } from '../notices/desktop.ts';
import { runDesktopProgram } from '../notices/desktop-process.ts';
import { desktopPrograms } from '../notices/desktop-programs.ts';
import type { Notices } from '../notices/notices.ts';
import type { Windows } from '../notices/windows.ts';
import type { Projects } from '../projects/projects.ts';
import type { Setting } from '../protocol/settings.ts';
import type { ServerOptions } from '../server-options.ts';

type DesktopParts = {
  readonly projects: Projects;
  readonly setting: Setting;
  readonly notices: Notices;
  readonly windows: Windows;
};

const timeLimitMs = 5_000;

export function buildDesktop({ paths, log }: ServerOptions, { projects, setting, notices, windows }: DesktopParts): Desktop {
  const written = () => [paths.dataDir, ...projects.list().map(({ path }) => path), ...setting('sandbox.readWritePaths')];
  return new Desktop({
    clock: systemClock,
    setting,
    isAnyFocused: () => windows.isAnyFocused,
    wording: windows.wording,
    isUnread: (id) => notices.isUnread(id),
    programs: desktopPrograms(process.platform, process.env),
    run: (program, words, signal) => runDesktopProgram(program, words, { env: process.env, written: written(), timeLimitMs, signal }),
    log,
  });
}
