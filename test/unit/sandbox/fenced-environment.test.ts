/** What tools are told where the home folder is out of reach. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SandboxMode, SandboxPlan } from '../../../server/protocol/sandbox.ts';
import { fencedEnvironment } from '../../../server/sandbox/fenced-environment.ts';
import { isMaybeFenced, toolEnvironment } from '../../../server/sidecar/program-environment.ts';

test('every place that it names is the agent’s own', () => {
  for (const [name, value] of Object.entries(fencedEnvironment('/data/agents/1/agent'))) {
    if (!name.startsWith('GIT_CONFIG_')) assert.match(value, /^(-Dmaven\.repo\.local=)?\/data\/agents\/1\/agent\//, name);
  }
});

test('a commit that would be signed is made without the key', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'agor-unsigned-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.gitconfig'), '[user]\n\tname = a\n\temail = a@b\n\tsigningKey = missing\n[commit]\n\tgpgSign = true\n');
  const git = (environment: Record<string, string>, ...args: string[]) =>
    execFileSync('git', args, { cwd: folder, stdio: 'pipe', env: { PATH: process.env.PATH, HOME: folder, ...environment } });
  git({}, 'init', '--quiet');
  assert.throws(() => git({}, 'commit', '--quiet', '--allow-empty', '-m', 'signed'));
  git(fencedEnvironment(folder), 'commit', '--quiet', '--allow-empty', '-m', 'unsigned');
});

test('an agent gets it where it may be in a fence, and not where the person wants none', () => {
  const plan = (mode: SandboxMode): SandboxPlan => ({ mode, network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] });
  const maybeFenced = (['required', 'preferred', 'off'] as const).map((mode) => isMaybeFenced({ sandbox: plan(mode) }, 'linux'));
  assert.deepEqual(maybeFenced, [true, true, false]);
  assert.equal(isMaybeFenced({ sandbox: plan('required') }, 'darwin'), false);
  assert.deepEqual(toolEnvironment({ agentDir: '/data/agents/1/agent', sandbox: undefined }), {});
});
