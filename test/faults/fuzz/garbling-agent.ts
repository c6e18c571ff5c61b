/**
 * An agent's program that answers as it should until it is prompted for the second time, and then prints garbled lines;
 * after each it asks something, which is answered as long as its reader still listens. `garbling-agent <acp|claude> <seed> <lines> <report>`
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Random } from '../random.ts';
import { acpLines, claudeLines } from './agent-lines.ts';
import { mutated } from './mutate.ts';

export type GarblingReport = { readonly lines: number; readonly deafAfter: string | null };

type Message = {
  readonly id?: unknown;
  readonly method?: string;
  readonly type?: string;
  readonly request_id?: string;
  readonly request?: { readonly subtype: string };
  readonly response?: { readonly request_id: string };
  readonly uuid?: string;
};

type Protocol = {
  readonly lines: readonly object[];
  /** The answer to what must be answered before a prompt; undefined for a prompt or anything else. */
  readonly greeting: (message: Message) => object | undefined;
  readonly isPrompt: (message: Message) => boolean;
  readonly probe: (name: string) => object;
  /** Which probe it answers. */
  readonly probed: (message: Message) => unknown;
  readonly end: (prompt: Message) => object;
};

const acp: Protocol = {
  lines: acpLines,
  greeting: ({ id, method }) => {
    const results: Record<string, object> = {
      initialize: { protocolVersion: 1, agentCapabilities: {} },
      'session/new': { sessionId: 's1' },
    };
    const result = results[method ?? ''];
    return result && { jsonrpc: '2.0', id, result };
  },
  isPrompt: ({ method }) => method === 'session/prompt',
  probe: (name) => ({ jsonrpc: '2.0', id: name, method: '_probe', params: {} }),
  probed: ({ id, method }) => (method === undefined ? id : undefined),
  end: ({ id }) => ({ jsonrpc: '2.0', id, result: { stopReason: 'end_turn' } }),
};

const claude: Protocol = {
  lines: claudeLines,
  greeting: ({ type, request_id }) =>
    type === 'control_request' ? { type: 'control_response', response: { subtype: 'success', request_id, response: {} } } : undefined,
  isPrompt: ({ type }) => type === 'user',
  probe: (name) => ({ type: 'control_request', request_id: name, request: { subtype: 'probe' } }),
  probed: ({ type, response }) => (type === 'control_response' ? response?.request_id : undefined),
  end: ({ uuid }) => ({ type: 'result', subtype: 'success', is_error: false, result: '', user_message_uuids: [uuid] }),
};

/** So many are printed before their answers are waited for. */
const batch = 50;
const patienceMs = 20_000;

const [protocolName, seed, lines, report = ''] = process.argv.slice(2);
const protocol = protocolName === 'acp' ? acp : claude;
const random = new Random(Number(seed));
const answers = new Map<string, () => void>();
let prompts = 0;

createInterface({ input: process.stdin }).on('line', (text) => {
  const message: Message = JSON.parse(text);
  const name = protocol.probed(message);
  if (typeof name === 'string') answers.get(name)?.();
  const greeting = protocol.greeting(message);
  if (greeting) send(greeting);
  if (protocol.isPrompt(message)) void prompted(message);
});

async function prompted(prompt: Message): Promise<void> {
  prompts += 1;
  if (prompts === 2) writeWhole(JSON.stringify(await garble(Number(lines))));
  send(protocol.end(prompt));
}

function writeWhole(text: string): void {
  writeFileSync(`${report}.tmp`, text);
  renameSync(`${report}.tmp`, report);
}

async function garble(count: number): Promise<GarblingReport> {
  for (let done = 0; done < count; done += batch) {
    const sent = Array.from({ length: Math.min(batch, count - done) }, (_, index) => garbled(`probe-${done + index}`));
    for (const { bytes, answered } of sent) if (!(await answered)) return { lines: done, deafAfter: bytes.toString('base64') };
  }
  return { lines: count, deafAfter: null };
}

function garbled(probe: string): { bytes: Buffer; answered: Promise<boolean> } {
  const bytes = mutated(random.pick(protocol.lines), random);
  const answered = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    answers.set(probe, () => {
      clearTimeout(timer);
      answers.delete(probe);
      resolve(true);
    });
  });
  writeInParts(Buffer.concat([bytes, Buffer.from('\n')]));
  send(protocol.probe(probe));
  return { bytes, answered };
}

/** A pipe may cut anywhere, also inside a letter. */
function writeInParts(bytes: Buffer): void {
  const at = random.below(bytes.length);
  process.stdout.write(bytes.subarray(0, at));
  process.stdout.write(bytes.subarray(at));
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
