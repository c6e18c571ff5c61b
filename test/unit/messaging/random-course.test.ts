/** A course of 2,000 random steps over stores that are opened again and again: no message is lost, doubled or overtaken. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type MessageId, PartyId, type PromptId } from '../../../server/protocol/ids.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { Random } from '../../faults/random.ts';
import { asBy, MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';

let course: Course | undefined;
afterEach(() => course?.world.close());

for (const seed of [1, 2]) {
  test(`of 1,000 random steps with the seed ${seed} each message comes out in one state, once, and in the order of its sender`, () => {
    course = new Course(seed);
    for (let step = 0; step < 1_000; step += 1) course.step();
    course.settle();
    course.judge();
  });
}

class Course {
  readonly world = new MessagingWorld();
  readonly #random: Random;
  readonly #agents: readonly Someone[];
  /** Recipients of what was acknowledged. */
  readonly #acked = new Map<MessageId, number>();
  /** By recipient and message: how often a program came to have it for good. */
  readonly #taken = new Map<string, number>();
  /** What came out of its order by the doing of a person, or of its reader. */
  readonly #outOfLine = new Set<MessageId>();
  /** Prompts that carry mail and have not begun. */
  readonly #waiting = new Map<PromptId, Someone>();
  readonly #order: string[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.world.set['messages.perMinute'] = 100_000;
    this.world.set['messages.maxHops'] = 1_000;
    this.#agents = ['a', 'b', 'c', 'd', 'e'].map((name, index) => this.world.add(name, index === 0 ? { role: 'manager' } : {}));
    this.world.messaging.channels.create({ name: 'all', members: ['a', 'b', 'c'] }, person);
  }

  step(): void {
    const steps = [
      ...[() => this.#send(), () => this.#send(), () => this.#send(), () => this.#reply(), () => this.#post()],
      ...[() => this.#turn(), () => this.#turn(), () => this.#turn(), () => this.#stopHook(), () => this.#claimOnly()],
      ...[() => this.#settleHeld(), () => this.#settleDead(), () => this.#read(), () => this.#passTime()],
    ];
    this.#random.pick(steps)();
    if (this.#random.chance(0.02)) this.#restart();
  }

  /** Everybody takes all that waits. */
  settle(): void {
    this.#restart();
    for (const { id } of this.world.messaging.held.held()) this.#release(id);
    for (let round = 0; round < 200 && this.#agents.some(({ id }) => this.world.messaging.mail.isDue(id)); round += 1) {
      for (const agent of this.#agents) this.#turnOf(agent, 'completed');
      this.world.clock.advance(600_000);
    }
  }

  judge(): void {
    const { db } = this.world.stores.btmsg;
    const many = (sql: string) => db.prepare<[], Record<string, string>>(sql).all();
    const rows = many('select message_id as id, recipient, state from deliveries');
    const perMessage = Map.groupBy(rows, ({ id }) => id);
    for (const [id, recipients] of this.#acked) assert.equal(perMessage.get(id)?.length, recipients, 'no recipient was forgotten');
    const waiting = rows.filter(({ state, recipient }) => recipient !== 'person' && !['seen', 'answered', 'dead'].includes(state ?? ''));
    assert.deepEqual(waiting, [], 'all that was not given up has arrived');
    for (const { id, recipient, state } of rows.filter((row) => row.recipient !== 'person')) {
      assert.equal(this.#taken.get(`${recipient} ${id}`) ?? 0, state === 'dead' ? 0 : 1, `${state} for ${recipient}`);
    }
    const dead = many(`select 1 from deliveries d where state = 'dead' and not exists
      (select 1 from dead_letter_queue l where l.message_id = d.message_id and l.to_agent = d.recipient)`);
    assert.deepEqual(dead, [], 'what died is among the dead letters');
    this.#judgeOrder();
    assert.deepEqual([damagedRows(db, 100_000), this.world.stores.audit.firstBreak()], [[], undefined]);
    assert.ok(this.#acked.size > 200 && this.#taken.size > 200, `${this.#acked.size} sent, ${this.#taken.size} taken`);
  }

  #judgeOrder(): void {
    const [last, outOfLine] = [new Map<string, number>(), new Set<string>(this.#outOfLine)];
    const facts = this.world.stores.btmsg.db.prepare<[string], { sender: string; place: number }>(
      'select sender, place from messages where id = ?',
    );
    for (const entry of this.#order) {
      const [recipient = '', id = ''] = entry.split(' ');
      const { sender, place } = facts.get(id) ?? assert.fail();
      if (outOfLine.has(id)) continue;
      const line = `${sender} ${recipient}`;
      assert.ok(place > (last.get(line) ?? 0), 'nothing of a sender was overtaken');
      last.set(line, place);
    }
  }

  #send(): void {
    const [from, to] = [this.#someone(), this.#random.pick([...this.#agents, 'person', '#all'])];
    const text = this.#random.chance(0.1) ? 'HOLD' : 'hello';
    if (typeof to !== 'string' && to.id === from.id) return;
    if (to === '#all' && !['a', 'b', 'c'].includes(from.name)) return;
    const messageId = newId<MessageId>();
    for (let again = 0; again <= Number(this.#random.chance(0.1)); again += 1) {
      const { deliveries } = this.world.send(from, to, text, { messageId });
      this.#acked.set(messageId, deliveries.length);
    }
    if (text === 'HOLD') this.#outOfLine.add(messageId);
  }

  #reply(): void {
    const from = this.#someone();
    const [message] = this.world.inbox(from, true).filter((each) => each.from.id !== 'system' && each.from.name !== from.name);
    if (!message) return;
    const own = message.deliveries.find(({ to }) => to.name === from.name);
    const reply = this.world.reply(from, message);
    this.#acked.set(reply.id, reply.deliveries.length);
    if (own?.state === 'queued' || own?.state === 'delivered') this.#take(from, message.id, 'outOfLine');
  }

  #post(): void {
    this.world.messaging.post.toAgent(PartyId.parse(this.#someone().id), 'a note', PartyId.parse('system'));
  }

  #turn(): void {
    this.#turnOf(this.#someone(), this.#random.pick(['completed', 'completed', 'crashed', 'failed']));
  }

  #turnOf(agent: Someone, end: 'completed' | 'crashed' | 'failed'): void {
    const { mail } = this.world.messaging;
    const [carrying] = [...this.#waiting].filter(([, of]) => of.id === agent.id);
    const next = carrying ? undefined : mail.next(agent.id);
    const promptId = carrying?.[0] ?? newId<PromptId>();
    if (next) mail.claim(agent.id, next.messageIds, promptId);
    this.#waiting.delete(promptId);
    const given = mail.carried(agent.id, promptId).filter(({ id }) => this.#stateOf(agent, id) === 'queued');
    for (let again = 0; again < 2; again += 1) mail.turnStarted(agent.id, [promptId], this.world.moment(agent.id));
    for (let again = 0; again < 2; again += 1) mail.turnEnded(agent.id, end, this.world.moment(agent.id));
    if (end === 'completed') for (const { id } of given) this.#take(agent, id);
  }

  /** At the end of a turn, from what the sidecar keeps. */
  #stopHook(): void {
    const agent = this.#someone();
    const { mail } = this.world.messaging;
    const given = mail.snapshot(agent.id).unread.map(({ id }) => id);
    mail.given(agent.id, given, { ...this.world.moment(agent.id), by: 'stop' });
    const fate = this.#random.pick(['shown', 'not shown', 'crashed']);
    if (fate === 'shown') mail.seen(agent.id, given, this.world.moment(agent.id));
    mail.turnEnded(agent.id, fate === 'not shown' ? 'completed' : 'crashed', this.world.moment(agent.id));
    if (fate === 'crashed') return;
    for (const id of given) this.#take(agent, id);
  }

  #claimOnly(): void {
    const agent = this.#someone();
    const { mail } = this.world.messaging;
    const next = mail.next(agent.id);
    if (!next) return;
    const promptId = newId<PromptId>();
    mail.claim(agent.id, next.messageIds, promptId);
    if (this.#random.chance(0.3)) return mail.unclaim(promptId);
    // The other half was never kept: the next start finds that out.
    if (this.#random.chance(0.5)) this.#waiting.set(promptId, agent);
  }

  #settleHeld(): void {
    const [item] = this.world.messaging.held.held();
    if (!item) return;
    if (this.#random.chance(0.5)) this.#release(item.id);
    else this.world.messaging.held.discard(item.id, 'cli');
  }

  #release(id: string): void {
    this.world.messaging.held.release(id, 'cli');
  }

  #settleDead(): void {
    const { deadLetters } = this.world.messaging;
    const [letter] = deadLetters.list({});
    if (!letter) return;
    this.#outOfLine.add(letter.messageId);
    if (this.#random.chance(0.7)) deadLetters.redeliver(letter.id, person);
    else deadLetters.discard(letter.id, person);
  }

  #read(): void {
    const agent = this.#someone();
    const [message] = this.world.inbox(agent);
    if (!message) return;
    this.world.messaging.inboxes.read({ message: message.id }, asBy(agent));
    this.#take(agent, message.id, 'outOfLine');
  }

  #passTime(): void {
    this.world.clock.advance(this.#random.pick([1_000, 30_000, 600_000, 10_000_000]));
    this.world.messaging.endings.sweep();
  }

  #restart(): void {
    this.world.reopen(this.#random.chance(0.5) ? 'inOrder' : 'afterKill');
    const { mail } = this.world.messaging;
    mail.recoverClaims((promptId) => this.#waiting.has(promptId));
    for (const { id } of this.#agents) mail.runGone(id, this.world.clock.now());
  }

  #take({ id: agentId }: Someone, id: MessageId, line: 'inLine' | 'outOfLine' = 'inLine'): void {
    const key = `${agentId} ${id}`;
    this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
    this.#order.push(key);
    if (line === 'outOfLine') this.#outOfLine.add(id);
  }

  #stateOf({ name }: Someone, id: MessageId): string | undefined {
    return this.world.look({ id }).deliveries.find(({ to }) => to.name === name)?.state;
  }

  #someone(): Someone {
    return this.#random.pick(this.#agents);
  }
}
