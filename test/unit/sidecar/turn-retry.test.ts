import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent, Failure } from '../../../server/protocol/agent-event.ts';
import type { ItemId, PromptId, TurnId } from '../../../server/protocol/ids.ts';
import { classifyError } from '../../../server/sidecar/error-classifier.ts';
import { TurnRetry } from '../../../server/sidecar/turn-retry.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const rateLimited = classifyError({ status: 429, message: '' });
const prompt = { promptId: newId<PromptId>(), text: 'do it' };

/** A program behind a `TurnRetry`: it begins a turn for each prompt, with a number of its own. */
class World {
  readonly clock = new FakeClock();
  readonly told: AgentEvent[] = [];
  readonly given: string[] = [];
  readonly retry: TurnRetry;
  giveFailure: Error | undefined;
  turnId = newId<TurnId>();

  constructor() {
    const { clock, told } = this;
    this.retry = new TurnRetry({ clock, random: () => 0, give: (given) => this.give(given), tell: (event) => told.push(event) });
  }

  async give({ promptId, text }: typeof prompt): Promise<void> {
    if (this.giveFailure) throw this.giveFailure;
    this.given.push(text);
    this.turnId = newId<TurnId>();
    this.says({ type: 'turnStarted', turnId: this.turnId, promptIds: [promptId] });
  }

  async prompt(): Promise<void> {
    this.retry.prompted(prompt);
    await this.give(prompt);
  }

  says(event: AgentEvent): void {
    const passed = this.retry.pass(event);
    if (passed) this.told.push(passed);
  }

  ends(reason: 'completed' | 'failed' | 'interrupted', failure: Failure | null = null): void {
    this.says({ type: 'turnEnded', turnId: this.turnId, reason, failure });
  }

  async wait(ms: number): Promise<void> {
    this.clock.advance(ms);
    await new Promise(setImmediate);
  }

  get types(): string[] {
    return this.told.map((event) => (event.type === 'turnEnded' ? `turnEnded ${event.reason}` : event.type));
  }

  /** The numbers of the turns that were told. */
  get turnIds(): number {
    return new Set(this.told.flatMap((event) => ('turnId' in event ? [event.turnId] : []))).size;
  }
}

const tool: AgentEvent = {
  type: 'toolStarted',
  itemId: newId<ItemId>(),
  parentItemId: null,
  name: 'run',
  title: 'Run',
  kind: 'execute',
  input: {},
  content: [],
};

describe('a turn that fails at the provider', () => {
  it('is given again after its wait, and stays one turn to everybody else', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    assert.ok(world.retry.isWaiting);
    await world.wait(14_999);
    assert.deepEqual(world.given, ['do it']);
    await world.wait(1);
    assert.deepEqual(world.given, ['do it', 'do it']);
    world.ends('completed');
    assert.deepEqual(world.types, ['turnStarted', 'retry', 'turnEnded completed']);
    assert.equal(world.turnIds, 1);
    const retry = world.told[1];
    assert.ok(retry?.type === 'retry');
    assert.deepEqual([retry.attempt, retry.maxAttempts, retry.delayMs], [1, 4, 15_000]);
    assert.equal(retry.failure.message, 'Rate limited — retrying in 15s');
  });

  it('is tried four times more and then fails', async () => {
    const world = new World();
    await world.prompt();
    for (let attempt = 0; attempt < 5; attempt++) {
      world.ends('failed', rateLimited);
      await world.wait(10 * 60_000);
    }
    assert.equal(world.given.length, 5);
    assert.deepEqual(world.types, ['turnStarted', 'retry', 'retry', 'retry', 'retry', 'turnEnded failed']);
    assert.equal(world.turnIds, 1);
    assert.equal(world.clock.waiting, 0);
  });

  it('is not tried again once a tool was started, in whichever attempt', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    await world.wait(15_000);
    world.says(tool);
    world.ends('failed', rateLimited);
    assert.deepEqual(world.types, ['turnStarted', 'retry', 'toolStarted', 'turnEnded failed']);
    assert.equal(world.retry.isWaiting, false);
  });

  it('is not tried again for what waiting does not help, nor when nobody knows its prompt', async () => {
    for (const status of [401, 402, 404]) {
      const world = new World();
      await world.prompt();
      world.ends('failed', classifyError({ status, message: '' }));
      assert.deepEqual(world.types, ['turnStarted', 'turnEnded failed']);
    }
    const world = new World();
    await world.give(prompt);
    world.ends('failed', rateLimited);
    assert.deepEqual(world.types, ['turnStarted', 'turnEnded failed']);
  });

  it('can be stopped while it waits', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    assert.ok(world.retry.end('interrupted'));
    await world.wait(60_000);
    assert.deepEqual(world.types, ['turnStarted', 'retry', 'turnEnded interrupted']);
    assert.equal(world.turnIds, 1);
    assert.equal(world.retry.end('interrupted'), false, 'it ends once');
  });

  it('can be stopped while it is tried again', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    await world.wait(15_000);
    assert.equal(world.retry.end('interrupted'), false, 'that is for the program to do');
    world.ends('interrupted');
    assert.deepEqual(world.types.at(-1), 'turnEnded interrupted');
    assert.equal(world.turnIds, 1);
  });

  it('ends as it did when the program does not take its prompt again', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    world.giveFailure = new Error('gone');
    await world.wait(15_000);
    const ended = world.told.at(-1);
    assert.ok(ended?.type === 'turnEnded');
    assert.deepEqual([ended.reason, ended.failure?.type], ['failed', 'rate_limit']);
    assert.equal(world.turnIds, 1);
  });

  it('leaves the next turn with all its tries', async () => {
    const world = new World();
    await world.prompt();
    world.ends('failed', rateLimited);
    await world.wait(15_000);
    world.ends('completed');
    await world.prompt();
    world.ends('failed', rateLimited);
    const retry = world.told.at(-1);
    assert.ok(retry?.type === 'retry');
    assert.equal(retry.attempt, 1);
  });
});
