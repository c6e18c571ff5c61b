/**
 * Stands in for VS Code and the backend in a page of its own: `acquireVsCodeApi`, the panel's messages, and a session that
 * the test or the person at `window.harness` can change.
 */
import { Agent } from '../../../server/protocol/agent.ts';
import type { Approval, ApprovalState } from '../../../server/protocol/approval.ts';
import { chatTexts } from '../../../server/protocol/chat-texts.ts';
import { commsTexts } from '../../../server/protocol/comms-texts.ts';
import type { FormValues } from '../../../server/protocol/form.ts';
import { formTexts } from '../../../server/protocol/form-texts.ts';
import { Item, Session, type SessionChange } from '../../../server/protocol/session.ts';
import type { ToWebview } from '../../../server/protocol/webview.ts';
import { FakeMail } from './fake-mail.ts';
import { FakePanel, installPanel } from './fake-panel.ts';
import { hostile } from './hostile.ts';
import { fenced, id, manyItems, numbered, rareItems, sampleAgent, sampleItems, sampleSession } from './sample-data.ts';

const pageItems = 200;

class Harness extends FakePanel {
  agent: Agent = sampleAgent();
  sessions: Session[] = [sampleSession(1, 'Why does the draft get lost'), sampleSession(2, 'Speed up the search'), sampleSession(3, '')];
  items: Item[] = sampleItems();
  readonly mail = new FakeMail((message) => this.notify('message/changed', { message }));
  /** What is known of open questions beside their items. */
  terms = { kindLabel: 'npm test (Bash)', expiresInMs: null as number | null, askedBecause: null as string | null };
  feed = 'feed-1';
  seq = 0;
  /** Sends all items at once, as no backend does, to see what the page can carry. */
  sendsAll = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  override fill(text: string): void {
    this.changeAgent(hostile(Agent, { ...this.agent, sandbox: fenced }, text));
    this.sessions = this.sessions.map((session) => hostile(Session, session, text));
    this.items = [...sampleItems(), ...rareItems()].map((item) => hostile(Item, item, text));
    this.mail.fill(text);
    this.terms = { kindLabel: text, expiresInMs: 600_000, askedBecause: text };
    for (const state of ['away', 'connected'] as const) this.connection(state);
  }

  change(...changes: SessionChange[]): void {
    this.seq += 1;
    for (const change of changes) this.#keep(change);
    const params = { sessionId: this.sessions[0]?.id, feed: this.feed, seq: this.seq, changes };
    this.tell({ type: 'notification', method: 'session/changed', params });
  }

  /** Adds an item at the end. */
  add(draft: Parameters<typeof numbered>[0][number]): Item {
    const [item] = numbered([draft], (this.items.at(-1)?.ordinal ?? 0) + 1);
    if (!item) throw new Error('An item was expected.');
    this.change({ op: 'put', item });
    return item;
  }

  changeAgent(changes: Partial<Agent>): void {
    this.agent = { ...this.agent, ...changes };
    this.tell({ type: 'notification', method: 'agent/changed', params: { agent: this.agent } });
  }

  useManyItems(count: number): void {
    this.items = manyItems(count);
    this.sendsAll = true;
  }

  /** Words into a text that grows, sixty times a second. */
  stream(words: number): Promise<void> {
    const item = this.add({ kind: 'text', text: '', complete: false, interrupted: false });
    let offset = 0;
    let sentWords = 0;
    const begunAt = performance.now();
    return new Promise((resolve) => {
      this.#timer = setInterval(() => {
        while (sentWords < ((performance.now() - begunAt) * 60) / 1000 && sentWords < words) {
          const text = sentWords % 40 === 39 ? '\n\n' : ` word-${sentWords}`;
          this.change({ op: 'append', itemId: item.id, offset, text });
          offset += text.length;
          sentWords += 1;
        }
        if (sentWords < words) return;
        clearInterval(this.#timer);
        resolve();
      }, 8);
    });
  }

  protected override welcome(): ToWebview {
    const connection = 'connected';
    return {
      type: 'init',
      version: 1,
      agentId: this.agent.id,
      sessionId: null,
      connection,
      texts: { ...chatTexts, ...commsTexts, ...formTexts },
    };
  }

  protected override result(method: string, params: Record<string, unknown>): unknown {
    if (method === 'agent/list') return { agents: [this.agent] };
    if (method === 'session/list') return { sessions: this.sessions };
    if (method === 'session/watch') return this.#snapshot(String(params.session));
    if (method === 'session/items') return this.#page(Number(params.beforeOrdinal));
    if (method === 'agent/prompt') return this.#prompt(String(params.text));
    if (method === 'approval/list') return { approvals: this.items.flatMap((item) => this.#approvalOf(item)) };
    if (method === 'approval/answer') return this.#answered(params);
    if (method === 'session/resume') return this.sessions.find((session) => session.id === params.session);
    return method.startsWith('agent/') ? this.agent : this.mail.result(method, params);
  }

  #snapshot(sessionId: string) {
    const session = this.sessions.find((candidate) => candidate.id === sessionId);
    const isFirst = session === this.sessions[0];
    const items = isFirst ? this.items : this.items.slice(0, 4);
    const shown = this.sendsAll ? items : items.slice(-pageItems);
    return { session, feed: this.feed, seq: this.seq, items: shown, hasEarlier: shown.length < items.length, runningTurnId: null };
  }

  #page(beforeOrdinal: number) {
    const earlier = this.items.filter((item) => item.ordinal < beforeOrdinal);
    const items = earlier.slice(-pageItems);
    return { session: this.sessions[0], items, hasEarlier: items.length < earlier.length };
  }

  #prompt(text: string) {
    const promptId = id<string>('9409', 1000 + this.seq);
    setTimeout(() => this.add({ kind: 'prompt', promptId: id('9409', 1000 + this.seq), text, state: 'sent' }), 0);
    return { promptId, sessionId: this.sessions[0]?.id, queued: false };
  }

  #answered({ approval: approvalId, decision, values }: Record<string, unknown>): Approval | undefined {
    const item = this.items.find((candidate) => candidate.kind === 'permission' && candidate.approvalId === approvalId);
    if (item?.kind !== 'permission') return undefined;
    const states: Record<string, ApprovalState> = { deny: 'denied', allowOnce: 'allowedOnce', cancel: 'cancelled' };
    const state = states[String(decision)] ?? 'allowedForSession';
    // What the page sends has the shape of the contract.
    const filled = values === undefined ? {} : { values: values as FormValues };
    const answered = { ...item, state, answeredAt: Date.now(), answeredBy: 'extension', ...filled } as const;
    this.change({ op: 'put', item: answered });
    return this.#approvalOf(answered)[0];
  }

  #approvalOf(item: Item): Approval[] {
    if (item.kind !== 'permission') return [];
    const { request, hash, state, answeredAt, answeredBy, approvalId } = item;
    const { id: agentId, projectId } = this.agent;
    const { kindLabel, expiresInMs, askedBecause } = this.terms;
    const expiresAt = expiresInMs === null ? null : Date.now() + expiresInMs;
    const terms = { kind: 'k', kindLabel, expiresAt, rule: null, askedBecause, askedAt: 0 };
    return [
      {
        id: approvalId,
        agentId,
        projectId,
        sessionId: id<Session['id']>('ce55', 1),
        request,
        hash,
        state,
        answeredAt,
        answeredBy,
        ...terms,
      },
    ];
  }

  #keep(change: SessionChange): void {
    if (change.op === 'session') return;
    const index = this.items.findLastIndex((item) => item.id === (change.op === 'put' ? change.item.id : change.itemId));
    const item = this.items[index];
    if (change.op === 'put') this.items[index < 0 ? this.items.length : index] = change.item;
    else if (item?.kind === 'text' || item?.kind === 'thinking') this.items[index] = { ...item, text: item.text + change.text };
  }
}

export type { Harness };

declare global {
  interface Window {
    harness: Harness;
  }
}

window.harness = new Harness();
installPanel(window.harness, 'agor.chat.state');
const given = new URLSearchParams(location.search);
if (given.has('many')) window.harness.useManyItems(Number(given.get('many')));
if (given.has('paged')) window.harness.sendsAll = false;
if (given.has('empty')) window.harness.items = [];
if (given.has('noMail')) window.harness.mail.clear();
if (given.has('manyMessages')) window.harness.mail.useMany(Number(given.get('manyMessages')));
// Without the question at the end, so that what the agent is doing is said instead.
if (given.has('calm')) window.harness.items.pop();
if (given.has('demo')) window.harness.agent = { ...window.harness.agent, name: 'demo', provider: 'demo' };
