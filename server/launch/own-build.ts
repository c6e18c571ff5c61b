/** The build of a window, for what it shows of itself. */
import { join } from 'node:path';
import { readBuildInfo } from '../base/build-info.ts';
import type { BuildInfo } from '../protocol/health.ts';

export function ownBuild(extensionPath: string): BuildInfo {
  return readBuildInfo(join(extensionPath, 'dist'));
}
