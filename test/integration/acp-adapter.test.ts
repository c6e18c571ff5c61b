import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processIdentity } from '../../server/base/process-identity.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { noUsage } from '../../server/sidecar/adapters/acp/usage.ts';
import { type AcpHarness, fixturePath, fresh, withAcp } from '../support/acp-harness.ts';

const fixture = (name: string) => [process.execPath, fixturePath(name)];

/** The refusal of `open`, which must leave no program behind. */
async function refusal(command: readonly string[], initializeTimeoutMs = 10_000): Promise<AgorError> {
  let refused: AgorError | undefined;
  await withAcp({ command, acp: { initializeTimeoutMs } }, async ({ adapter, events, exits }) => {
    refused = await adapter.open(fresh).then(
      () => assert.fail('it opened'),
      (error: unknown) => (error instanceof AgorError ? error : assert.fail(String(error))),
    );
    assert.deepEqual([events, exits], [[], []], 'whoever opens is told, and nobody else');
    await assert.rejects(adapter.prompt({ promptId: '' as never, text: 'x' }), /does not run/);
  });
  return refused ?? assert.fail('nothing was refused');
}

describe('an ACP program that does not come up', () => {
  it('is named when it is missing, with what to do', async () => {
    const error = await refusal(['no-such-agent', '--acp']);
    assert.equal(error.code, 'agentFailed');
    assert.match(error.message, /no such program was found\. Tried: no-such-agent --acp .*Install the program/);
  });

  it('is told apart from an agent without a command', async () => {
    assert.equal((await refusal([])).code, 'badRequest');
  });

  it('is quoted with its last words when it ends at once', async () => {
    const error = await refusal(fixture('exits-at-once.mjs'));
    assert.match(
      error.message,
      /ended at once \(exit code 3\)\. Tried: .*exits-at-once\.mjs\. It said: .*fatal: no configuration was found/,
    );
  });

  it('is given up after the deadline when it never answers', async () => {
    const error = await refusal(fixture('never-answers.mjs'), 300);
    assert.match(error.message, /did not answer "initialize" within 0\.3 seconds\. Tried: .*never-answers\.mjs\. It must speak/);
  });

  it('is quoted when it prints what is no message', async () => {
    const error = await refusal(fixture('prints-garbage.mjs'), 300);
    assert.match(error.message, /printed lines that are no messages, such as: Welcome to Garbage 1\.0!/);
  });

  it('is ended when it fills its output with one endless line', async () => {
    const error = await refusal([...fixture('endless-line.mjs'), String(64 * 1024 * 1024)]);
    assert.match(error.message, /ended at once \(exit code 0\)/);
  });

  it('is ended by force when it ignores everything', async () => {
    assert.match((await refusal(fixture('ignores-sigterm.mjs'), 300)).message, /did not answer "initialize"/);
  });

  it('asks for a login with the ways that it offers', async () => {
    const error = await refusal(fixture('wants-login.mjs'));
    assert.equal(error.code, 'needsCredentials');
    assert.match(error.message, /wants a login first\. It offers: Log in on the web\./);
  });
});

describe('a turn of an ACP program', () => {
  it('keeps its order and ends last, also when all of it comes in one write', async () => {
    await withAcp({ command: fixture('answers-in-one-write.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      const { reason, failure } = await harness.turn('go');
      assert.deepEqual([reason, failure], ['limit', null]);
      assert.deepEqual(harness.texts(), [Array.from({ length: 200 }, (_, index) => `${index} `).join(''), 'the end']);
      const last = harness.events.slice(-4).map((event) => event.type);
      assert.deepEqual(last, ['text', 'usage', 'blockEnded', 'turnEnded']);
      assert.deepEqual(usageOf(harness), [20, 10]);
      await harness.turn('again');
      assert.deepEqual(usageOf(harness), [40, 20], 'totals of the session');
    });
  });

  it('is free to use the agent’s own tools without a question, in the words of Claude Code by ACP', async () => {
    await withAcp({ command: fixture('tells-session.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      await harness.turn('what were you told?');
      assert.deepEqual(harness.texts(), ['{"claudeCode":{"options":{"allowedTools":["mcp__agor"]}}}']);
    });
  });

  it('that fails says which kind of failure it was', async () => {
    await withAcp({ command: fixture('fails-prompts.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      const failed = async (error: object) => (await harness.turn(JSON.stringify(error))).failure;
      assert.equal((await failed({ code: 429, message: 'Too many' }))?.type, 'rate_limit');
      assert.equal((await failed({ code: -32603, message: 'Internal error', data: { details: 'quota exceeded' } }))?.type, 'quota');
      assert.equal((await failed({ code: -32603, message: 'it broke' }))?.message, 'it broke');
    });
  });

  it('survives a message that is too long, and says that it is missing', async () => {
    await withAcp({ command: fixture('floods-in-turn.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      assert.equal((await harness.turn('go')).reason, 'completed');
      const [told] = harness.of('protocolError');
      assert.deepEqual([told?.problem, told?.count], ['oversizeLine', 1]);
      assert.ok((told?.bytes ?? 0) > 6 * 1024 * 1024);
    });
  });

  it('takes no second prompt, and no other session meanwhile', async () => {
    await withAcp({ command: fixture('ignores-cancel.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      await harness.prompt('go');
      await assert.rejects(harness.prompt('more'), { code: 'conflict' });
      await assert.rejects(harness.adapter.open(fresh), { code: 'conflict' });
    });
  });

  it('that does not stop when told is ended with its program, and the next opening starts another', async () => {
    await withAcp({ command: fixture('ignores-cancel.mjs'), acp: { cancelGraceMs: 100 } }, async (harness) => {
      const { programPid } = await harness.adapter.open(fresh);
      await harness.prompt('go');
      await harness.next('text');
      await harness.adapter.interrupt();
      await harness.adapter.interrupt();
      assert.equal((await harness.next('turnEnded')).reason, 'interrupted');
      await harness.until('the exit', () => harness.exits[0]);
      assert.equal(processIdentity(programPid ?? 0), null);
      assert.notEqual((await harness.adapter.open(fresh)).programPid, programPid);
    });
  });

  it('is interrupted by a stop of the agent, and nobody is told of an exit', async () => {
    await withAcp({ command: fixture('ignores-cancel.mjs') }, async (harness) => {
      const { programPid } = await harness.adapter.open(fresh);
      await harness.prompt('go');
      await harness.next('text');
      await harness.adapter.stop();
      assert.equal((await harness.next('turnEnded')).reason, 'interrupted');
      assert.deepEqual(harness.exits, []);
      assert.equal(processIdentity(programPid ?? 0), null);
    });
  });
});

describe('the model of an ACP session', () => {
  it('is set when it is offered', async () => {
    await withAcp({ command: fixture('offers-models.mjs') }, async (harness) => {
      const opened = await harness.adapter.open({ providerSessionId: null, model: 'large' });
      assert.ok(opened.capabilities.modelChoice);
      assert.equal((await harness.next('sessionOpened')).model, 'large');
      await harness.turn('which?');
      assert.deepEqual(harness.texts(), ['large']);
    });
  });

  it('stays as it was when it is not offered, and the person is told what is', async () => {
    await withAcp({ command: fixture('offers-models.mjs') }, async (harness) => {
      await harness.adapter.open({ providerSessionId: null, model: 'huge' });
      assert.equal((await harness.next('sessionOpened')).model, 'small');
      assert.match((await harness.next('notice')).text, /"huge" is not offered by this agent\. It offers: small, large\./);
    });
  });
});

describe('going on with an earlier session', () => {
  it('that the program cannot do begins a new one and says so', async () => {
    await withAcp({ command: fixture('offers-models.mjs') }, async (harness) => {
      const { capabilities } = await harness.adapter.open({ providerSessionId: 'old', model: null });
      assert.equal(capabilities.resume, false);
      assert.equal((await harness.next('sessionOpened')).resumed, false);
      assert.match((await harness.next('notice')).text, /cannot go on with an earlier session\. A new session was begun/);
    });
  });

  it('goes on with its totals too, which never shrink, and a new session begins with none', async () => {
    await withAcp({ command: fixture('counts-anew.mjs') }, async (harness) => {
      const usage = { ...noUsage, inputTokens: 100, outputTokens: 10, costUsd: 2 };
      await harness.adapter.open({ providerSessionId: 's1', model: null, usage });
      await harness.turn('go');
      assert.deepEqual(usageOf(harness), [105, 11]);
      assert.equal(harness.of('usage').at(-1)?.usage.costUsd, 2);
    });
    await withAcp({ command: fixture('counts-anew.mjs') }, async (harness) => {
      await harness.adapter.open(fresh);
      await harness.turn('go');
      assert.deepEqual(usageOf(harness), [5, 1]);
    });
  });
});

function usageOf(harness: AcpHarness) {
  const usage = harness.of('usage').at(-1)?.usage;
  return [usage?.inputTokens, usage?.outputTokens];
}
