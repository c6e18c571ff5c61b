/** The real Codex program, for tests: about 400 MB on the disk, of which the package of the platform is nearly all. */
import { fetchProgram } from './fetched-program.ts';

export const codexVersion = '0.169.0';

const targets: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
};
const platform = `${process.platform}-${process.arch}`;

export function codexProgram(): Promise<string> {
  const file = process.platform === 'win32' ? 'codex.exe' : 'codex';
  const binary = ['node_modules', '@openai', `codex-${platform}`, 'vendor', targets[platform] ?? platform, 'bin', file];
  return fetchProgram({ packageName: '@openai/codex', version: codexVersion, name: 'codex', binary });
}
