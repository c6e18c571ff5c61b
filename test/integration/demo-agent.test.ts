import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Decision } from '../../server/protocol/agent-event.ts';
import { type AcpHarness, demoAgentPath, fresh, withAcp } from '../support/acp-harness.ts';

const command = [process.execPath, demoAgentPath];

/** Opens a session with the demo agent in a small project. */
function withDemo(run: (harness: AcpHarness) => Promise<void>, environment: Record<string, string> = {}): Promise<void> {
  return withAcp({ command, environment }, async (harness) => {
    writeFileSync(path.join(harness.folder, 'README.md'), '# Shop\n\nSells ```things```.\n');
    writeFileSync(path.join(harness.folder, 'main.ts'), 'export const answer = 42;\n');
    mkdirSync(path.join(harness.folder, 'src'));
    await harness.adapter.open(fresh);
    await run(harness);
  });
}

/** Prompts, answers the question that comes, and waits for the end of the turn. */
async function answered(harness: AcpHarness, text: string, decision: Decision) {
  const from = harness.events.length;
  await harness.prompt(text);
  const { approvalId, request } = await harness.next('permissionAsked', { from });
  assert.ok(harness.adapter.answer(approvalId, decision, null));
  await harness.next('turnEnded', { from });
  return { request, tool: harness.of('toolEnded').at(-1) };
}

const noteOf = (harness: AcpHarness) => path.join(harness.folder, 'agor-demo.md');

describe('the demo agent', () => {
  it('looks around with real tools, makes a plan and says what it sees', async () => {
    await withDemo(async (harness) => {
      assert.equal((await harness.turn('What is in here?')).reason, 'completed');
      assert.deepEqual(
        harness.of('toolStarted').map(({ name, title }) => [name, title]),
        [
          ['list_folder', `List ${path.basename(harness.folder)}`],
          ['read_file', 'Read README.md'],
          ['read_file', 'Read main.ts'],
        ],
      );
      assert.deepEqual(harness.of('toolEnded')[0]?.content, [{ type: 'text', text: 'src/\nREADME.md\nmain.ts' }]);
      assert.deepEqual(
        harness
          .of('plan')
          .at(-1)
          ?.entries.map((entry) => entry.status),
        ['done', 'done', 'done'],
      );
      assert.ok(harness.texts('thinking')[0]?.includes('What is in here?'));
      const said = harness.texts().join('');
      assert.match(said, /\*\*1 folder\*\* and \*\*2 files\*\*/);
      assert.ok(said.includes('````markdown\n# Shop\n\nSells ```things```.\n````'), 'a fence longer than what is inside');
      const usage = harness.of('usage').at(-1)?.usage;
      assert.ok(usage?.contextTokens && usage.contextWindowTokens === 200_000 && usage.costUsd === null);
    });
  });

  it('says what it understands', async () => {
    await withDemo(async (harness) => {
      await harness.turn('help');
      for (const word of ['tools', 'edit', 'ask', 'long', 'slow', 'error', 'crash'])
        assert.ok(harness.texts()[0]?.includes(`\`${word}\``), word);
    });
  });
});

describe('what the demo agent asks for', () => {
  it('writes its file only after it was allowed, and shows exactly that change', async () => {
    await withDemo(async (harness) => {
      const denied = await answered(harness, 'edit', 'deny');
      assert.equal(denied.tool?.status, 'denied');
      assert.throws(() => readFileSync(noteOf(harness)));
      const { request, tool } = await answered(harness, 'please edit it', 'allowOnce');
      const [diff] = request.content;
      assert.ok(diff?.type === 'diff' && diff.oldText === null);
      assert.equal(readFileSync(noteOf(harness), 'utf8'), diff.newText);
      assert.equal(tool?.status, 'ok');
      assert.deepEqual(request.decisions, ['allowOnce', 'allowSession', 'deny']);
    });
  });

  it('asks no more after it was allowed for the session', async () => {
    await withDemo(async (harness) => {
      await answered(harness, 'edit', 'allowSession');
      assert.equal((await harness.turn('edit')).reason, 'completed');
      assert.equal(harness.of('permissionAsked').length, 1);
      assert.match(readFileSync(noteOf(harness), 'utf8'), /- Turn 2: /);
    });
  });

  it('leaves a file alone that is not what was shown any more', async () => {
    await withDemo(async (harness) => {
      await harness.prompt('edit');
      const { approvalId } = await harness.next('permissionAsked');
      writeFileSync(noteOf(harness), 'mine');
      harness.adapter.answer(approvalId, 'allowOnce', null);
      await harness.next('turnEnded');
      assert.equal(readFileSync(noteOf(harness), 'utf8'), 'mine');
      assert.equal(harness.of('toolEnded').at(-1)?.status, 'failed');
    });
  });

  it('does not write through a link out of the project', async () => {
    await withDemo(async (harness) => {
      const outside = `${harness.folder}-state/outside.txt`;
      writeFileSync(outside, 'outside');
      symlinkSync(outside, noteOf(harness));
      await answered(harness, 'edit', 'allowOnce');
      assert.equal(readFileSync(outside, 'utf8'), 'outside');
    });
  });

  it('runs its command only when allowed, and shows what it printed', async () => {
    await withDemo(async (harness) => {
      const { request, tool } = await answered(harness, 'ask', 'allowOnce');
      assert.equal(request.command, `${process.execPath} --version`);
      assert.deepEqual(tool?.content, [{ type: 'text', text: `${process.version}\n` }]);
      assert.equal((await answered(harness, 'ask', 'deny')).tool?.status, 'denied');
    });
  });
});

describe('a turn of the demo agent', () => {
  it('can be long', async () => {
    await withDemo(async (harness) => {
      await harness.turn('long');
      assert.ok(harness.of('text').length > 300);
      const [said = ''] = harness.texts();
      assert.ok(said.length > 7_000 && said.length < 9_000, `${said.length} characters`);
    });
  });

  it('fails when it is told to', async () => {
    await withDemo(async (harness) => {
      const { reason, failure } = await harness.turn('error');
      assert.equal(reason, 'failed');
      assert.deepEqual([failure?.type, failure?.retryable], ['unknown', false]);
      assert.match(failure?.message ?? '', /told to fail/);
      assert.equal((await harness.turn('help')).reason, 'completed');
    });
  });
});

describe('a turn of the demo agent that is cut', () => {
  it('can be stopped between two words', async () => {
    await withDemo(
      async (harness) => {
        await harness.prompt('slow');
        await harness.next('text');
        await harness.adapter.interrupt();
        assert.equal((await harness.next('turnEnded')).reason, 'interrupted');
        assert.equal(harness.events.at(-2)?.type, 'blockEnded');
        assert.ok((harness.texts()[0]?.length ?? 0) < 40);
        await harness.adapter.interrupt();
        assert.equal(harness.of('turnEnded').length, 1);
      },
      { AGOR_DEMO_SPEED: '1' },
    );
  });

  it('can be stopped while a question is open, which is then withdrawn', async () => {
    await withDemo(async (harness) => {
      await harness.prompt('edit');
      const { approvalId } = await harness.next('permissionAsked');
      await harness.adapter.interrupt();
      assert.equal((await harness.next('turnEnded')).reason, 'interrupted');
      assert.equal((await harness.next('permissionWithdrawn')).approvalId, approvalId);
      assert.equal(harness.of('toolEnded').at(-1)?.status, 'interrupted');
      assert.equal(harness.adapter.answer(approvalId, 'allowOnce', null), false);
      assert.throws(() => readFileSync(noteOf(harness)));
    });
  });
});

describe('a session of the demo agent', () => {
  it('survives a crash, which closes the turn', async () => {
    await withDemo(async (harness) => {
      const { providerSessionId } = await harness.next('sessionOpened');
      await harness.turn('hello');
      const { reason, failure } = await harness.turn('crash');
      assert.equal(reason, 'crashed');
      assert.match(failure?.message ?? '', /exit code 1.*told to crash/);
      await harness.until('the exit', () => harness.exits[0]);
      const from = harness.events.length;
      await harness.adapter.open({ providerSessionId, model: null });
      const opened = await harness.next('sessionOpened', { from });
      assert.deepEqual([opened.resumed, opened.providerSessionId], [true, providerSessionId]);
      await harness.turn('hello again');
      const said = harness.events.slice(from).filter((event) => event.type === 'text');
      assert.match(said.map((event) => event.text).join(''), /^Hello! .*message 3 of our session/s, 'nothing of before is told again');
      assert.ok((harness.events.slice(from).find((event) => event.type === 'usage')?.usage.contextTokens ?? 0) > 1_200);
    });
  });

  it('is begun anew when the old one is unknown, and that is said', async () => {
    await withDemo(async (harness) => {
      const from = harness.events.length;
      const { capabilities } = await harness.adapter.open({ providerSessionId: '../../etc/passwd', model: null });
      assert.ok(capabilities.resume);
      assert.equal((await harness.next('sessionOpened', { from })).resumed, false);
      assert.match((await harness.next('notice', { from })).text, /could not go on with the earlier session .*A new session was begun/);
    });
  });
});
