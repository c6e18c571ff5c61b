/** Which build is running: from the file the build wrote beside the bundle, or "dev" when run from sources. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildInfo } from '../protocol/health.ts';

export function readBuildInfo(distDir: string): BuildInfo {
  let text: string;
  try {
    text = readFileSync(join(distDir, 'build-info.json'), 'utf8');
  } catch (error) {
    // The sources have none. A build whose file cannot be read must not pass for another one.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return { version: '0.0.0', gitSha: 'dev', buildTime: 0, nodeVersion: process.version };
  }
  return BuildInfo.parse(JSON.parse(text));
}
