/** The real Codex in its fence, with its own sandbox off: it does its work, and reaches nothing else. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { codexProgram } from '../support/codex-program.ts';
import { type ResponsesApi, startResponsesApi } from '../support/responses-api.ts';
import { hasBubblewrap, landlockHere } from '../support/sandbox-world.ts';
import { canary, openSandboxedCodex } from '../support/sandboxed-codex.ts';

const needsFence = { skip: !hasBubblewrap() || landlockHere() < 6 };

let program: string;
let api: ResponsesApi;

before(async () => {
  program = await codexProgram();
  api = await startResponsesApi();
});

after(() => api.close());

for (const by of ['login', 'key'] as const) {
  describe(`Codex in a fence, by ${by}`, needsFence, () => {
    it('writes, commits, and is asked about although the person’s own settings would not ask', async (t) => {
      const codex = await openSandboxedCodex(t, { program, modelUrl: api.url, by });
      assert.equal(codex.fence.files, 'full');
      await codex.say('write made.txt one two');
      assert.match(await codex.say('bash git add . && git commit --quiet -m first && git log --oneline'), /first/);
      assert.equal(codex.git('show', 'HEAD:made.txt'), 'one two\n');
      assert.equal(codex.git('status', '--porcelain'), '');
      await codex.say('bash touch other.txt');
      assert.equal(codex.recorder.all('permissionAsked').length, 3);
    });

    it('reaches neither the person’s files nor what it obeys itself', async (t) => {
      const codex = await openSandboxedCodex(t, { program, modelUrl: api.url, by });
      const rules = 'prefix_rule(pattern=["touch"], decision="allow")';
      const said = [
        await codex.say(`bash cat ${codex.homeDir}/.ssh/id_ed25519 ${codex.homeDir}/.codex/sessions/2026/*`),
        await codex.say(`bash echo x > ${codex.homeDir}/made.txt`),
        await codex.say(`bash echo '${rules}' > "$CODEX_HOME/rules/default.rules"`),
        await codex.say('bash echo \'approval_policy = "never"\' > "$CODEX_HOME/config.toml"'),
        await codex.say('bash echo x > .git/hooks/pre-commit'),
      ];
      assert.ok(!said.join('\n').includes(canary));
      for (const [index, text] of said.slice(1).entries())
        assert.match(text, /Read-only file system|Permission denied|No such file or directory/, String(index));
      assert.equal(existsSync(join(codex.homeDir, 'made.txt')), false);
      assert.equal(existsSync(join(codex.projectDir, '.git/hooks/pre-commit')), false);
      assert.ok(readFileSync(join(codex.homeDir, '.codex/rules/default.rules'), 'utf8').includes('touch'));
    });
  });
}
