/** The real Claude Code in its fence: it does its work, and reaches nothing else. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gapSentences } from '../../server/sandbox/gaps.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { hasBubblewrap, landlockHere } from '../support/sandbox-world.ts';
import { canary, makeSandboxedClaude, type SandboxedClaude } from '../support/sandboxed-claude.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';

const needsFence = { skip: !hasBubblewrap() || landlockHere() < 6 };
const needsLandlock = { skip: landlockHere() < 3 };

let program: string;
let api: ModelApi;

before(async () => {
  program = await claudeProgram();
  api = await startModelApi();
});

after(() => api.close());

/** What anybody on the machine would notice. */
function traces({ projectDir, homeDir, git }: SandboxedClaude) {
  return {
    status: git('status', '--porcelain', '--ignored'),
    hooks: readdirSync(join(projectDir, '.git/hooks')).sort(),
    config: git('config', '--list', '--local'),
    project: readdirSync(projectDir).sort(),
    home: readdirSync(homeDir, { recursive: true }).sort(),
  };
}

for (const by of ['login', 'key'] as const) {
  describe(`Claude Code in a fence, by ${by}`, needsFence, () => {
    it('does a whole task and goes on with it in a new process, and nothing else shows', async (t) => {
      const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by });
      const before = traces(claude);
      const first = await claude.open(null);
      assert.deepEqual([first.fence.files, first.fence.gaps], ['full', gapSentences([{ name: 'laterRuns' }])]);
      await first.say(`write ${join(claude.projectDir, 'made.txt')} one two`);
      await first.say(`edit ${join(claude.projectDir, 'made.txt')} one three`);
      assert.match(await first.say('bash git add . && git commit --quiet -m second && git log --oneline'), /second\n.*first/);
      await first.stop();
      assert.deepEqual(traces(claude), { ...before, project: [...before.project, 'made.txt'] });
      assert.equal(claude.git('show', 'HEAD:made.txt'), 'three two');

      const second = await claude.open(first.sessionId);
      assert.equal(second.sessionId, first.sessionId);
      await second.say('text still there');
      assert.match(JSON.stringify(api.requests.at(-1)?.messages), /git commit --quiet -m second/);
      await second.stop();
      assert.equal(claude.git('status', '--porcelain'), '');
    });

    it('cannot change what runs on the host later, in whatever way it tries', async (t) => {
      const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by });
      const before = traces(claude);
      const session = await claude.open(null);
      const attempts = [
        'echo x > .git/hooks/pre-commit',
        'echo x > x && mv -f x .git/hooks/pre-commit',
        'ln -s /bin/true .git/hooks/pre-commit',
        'echo x > x && ln x .git/hooks/pre-commit',
        'rm -rf .git/hooks && mkdir .git/hooks',
        'mv .git moved',
        'git config core.fsmonitor evil',
        'echo "[alias]" >> .git/config',
        'cp .git/config x && mv -f x .git/config',
        'echo "* filter=x" > .git/info/attributes',
        'mkdir -p .vscode && echo {} > .vscode/tasks.json',
        'rmdir .vscode',
        'echo {} > .mcp.json',
        'echo {} > .mcp.json/x',
        'mkdir .claude/agents',
        'echo x > .codex/config.toml',
        'echo key >> ~/.ssh/authorized_keys',
        'echo x >> ~/.bashrc',
        'mkdir -p ~/.claude && echo {} > ~/.claude/settings.json',
        'echo {} > $CLAUDE_CONFIG_DIR/settings.json',
        'mv $CLAUDE_CONFIG_DIR/settings.json $CLAUDE_CONFIG_DIR/x',
        'mkdir $CLAUDE_CONFIG_DIR/skills/planted',
        'mv $CLAUDE_CONFIG_DIR $CLAUDE_CONFIG_DIR-moved',
      ];
      const tried = attempts.map((attempt, index) => `(${attempt}) 2>/dev/null && echo attempt ${index} went through; rm -f x`);
      assert.equal(await session.say(`bash ${tried.join('; ')}; echo all were tried`), 'The tool said: all were tried');
      assert.equal(await session.say('bash git status --porcelain; echo clean'), 'The tool said: clean');
      await session.stop();
      assert.deepEqual(traces(claude), before);
    });

    it('sees no key, no history and no conversation of another project', async (t) => {
      const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by });
      const asked = api.requests.length;
      const session = await claude.open(null);
      const said = [
        await session.say(`bash cat ~/.ssh/id_ed25519 ~/.bash_history ~/.claude.json`),
        await session.say(`bash cat ~/.claude/projects/*/* ~/.claude/.credentials.json`),
        await session.say(`read ${join(claude.homeDir, '.claude/projects/-other-project/conversation.jsonl')}`),
        await session.say(`bash grep -rs ${canary.slice(0, 6)} ~ $CLAUDE_CONFIG_DIR /proc/[0-9]*/environ`),
        await session.say(`bash ls -A ~ ${join(claude.agentDir, '..', '..')}`),
      ];
      await session.stop();
      assert.equal(JSON.stringify([said, api.requests.slice(asked)]).includes(canary), false);
      assert.match(said.at(-1) ?? '', /Permission denied/);
      assert.equal(existsSync(join(claude.agentDir, 'claude/.credentials.json')), false, 'the login is taken back');
    });
  });
}

it('keeps to the person’s own settings and instructions when it has their login', needsFence, async (t) => {
  const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by: 'login' });
  const asked = api.requests.length;
  const session = await claude.open(null);
  await session.say('text hello');
  const [request] = api.requests.slice(asked);
  assert.match(JSON.stringify(request), /The person prefers tabs/);
  assert.equal(
    request?.tools?.some(({ name }) => name === 'WebFetch'),
    false,
  );
});

it('goes on with a login that is renewed outside of the fence, which it never sees', needsFence, async (t) => {
  const endpoint = await startTokenEndpoint();
  t.after(() => endpoint.close());
  const environment = { HTTPS_PROXY: endpoint.proxyUrl, NODE_EXTRA_CA_CERTS: endpoint.certificate, NO_PROXY: '127.0.0.1' };
  const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by: 'login', environment, loginLeftMs: -1 });
  const session = await claude.open(null);
  const said = await session.say('bash cat $CLAUDE_CONFIG_DIR/.credentials.json');
  await session.stop();
  assert.equal(endpoint.renewals, 1);
  assert.match(said, /renewed-access-1/);
  assert.equal(said.includes('refresh'), false);
  const { claudeAiOauth, mcpOAuth } = JSON.parse(claude.read('home/.claude/.credentials.json'));
  assert.deepEqual([claudeAiOauth.refreshToken, mcpOAuth.server.accessToken], ['renewed-refresh-1', canary]);
});

it('works with Landlock alone, which keeps it from the home folder all the same', needsLandlock, async (t) => {
  const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by: 'login', withoutBubblewrap: true });
  const session = await claude.open(null);
  assert.deepEqual([session.fence.files, session.fence.layers], ['partial', ['landlock']]);
  await session.say(`write ${join(claude.projectDir, 'made.txt')} one`);
  assert.match(await session.say('bash git add . && git commit --quiet -m second && git log --oneline'), /second/);
  assert.match(await session.say('bash cat ~/.ssh/id_ed25519'), /Permission denied/);
  assert.match(await session.say('bash ls ~/.claude'), /Permission denied/);
  await session.stop();
});
