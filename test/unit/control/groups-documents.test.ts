import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { Emitter } from '../../../server/base/emitter.ts';
import { ClientDoor } from '../../../server/control/client-door.ts';
import type { ClientHello } from '../../../server/protocol/handshake.ts';
import { complete, diagnose, hover } from '../../../server/teams/groups-language.ts';
import { type SocketPair, socketPair } from '../../support/socket-pair.ts';

const uri = 'file:///home/me/.config/agor/groups.json';
let gone: string | null = null;
const ground = { home: '/home/me', folder: (path: string) => (path === gone ? null : path) };
const build = { version: '1', gitSha: 's', buildTime: 1, nodeVersion: 'v24' };
const lens = {
  place: { line: 0, column: 0, endLine: 0, endColumn: 1 },
  title: 'Start agent lead',
  command: 'agor.startAgent',
  argument: { kind: 'agent', id: 'x' },
} as const;

let changed: Emitter<void>;
let pair: SocketPair;
let rpc: MessageConnection;

beforeEach(async () => {
  changed = new Emitter();
  gone = null;
  pair = await socketPair();
  rpc = createMessageConnection(new SocketMessageReader(pair.far), new SocketMessageWriter(pair.far));
  rpc.listen();
});
afterEach(async () => {
  rpc.dispose();
  await pair.close();
});

async function open(role: ClientHello['role']): Promise<{ capabilities: object }> {
  const door = new ClientDoor({
    dispatch: async () => ({}),
    onClosed: () => {},
    onChanged: () => {},
    onWindow: () => {},
    language: { diagnose: (text) => diagnose(text, ground), complete, hover, lenses: () => [lens], changed },
    log: () => {},
  });
  door.open(pair.near, { role, token: 't', build });
  return rpc.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
}

/** What the next diagnostics say. */
function diagnostics(): Promise<{ uri: string; diagnostics: { message: string; severity: number; range: object }[] }> {
  return new Promise((resolve) => void rpc.onNotification('textDocument/publishDiagnostics', resolve));
}

const show = (text: string) =>
  rpc.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonc', version: 1, text } });
const change = (text: string) =>
  rpc.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text }] });

test('a window is offered the language, a command is not', async () => {
  const { capabilities } = await open('extension');
  assert.deepEqual(Object.keys(capabilities).sort(), ['codeLensProvider', 'completionProvider', 'hoverProvider', 'textDocumentSync']);
});

test('a command has no editors', async () => {
  // Which means that its documents are none of our business.
  assert.deepEqual((await open('cli')).capabilities, { textDocumentSync: 0 });
});

test('faults are told when the file is opened and as it changes, and taken back when it is closed', async () => {
  await open('extension');
  const first = diagnostics();
  await show('{ "version": 2, "groups": [] }');
  const { diagnostics: found } = await first;
  assert.deepEqual(
    [found.length, found[0]?.severity, found[0]?.range],
    [1, 1, { start: { line: 0, character: 13 }, end: { line: 0, character: 14 } }],
  );
  const second = diagnostics();
  await change('{ "version": 1, "groups": [] }');
  assert.deepEqual((await second).diagnostics, []);
  const third = diagnostics();
  await change('{');
  assert.ok((await third).diagnostics.length > 0);
  const last = diagnostics();
  await rpc.sendNotification('textDocument/didClose', { textDocument: { uri } });
  assert.deepEqual(await last, { uri, diagnostics: [] });
});

test('completion, hover and lenses are those of the text as it stands in the editor', async () => {
  await open('extension');
  await show('{\n  "version": 1,\n  \n}');
  const textDocument = { uri };
  const items: { label: string; textEdit: object }[] = await rpc.sendRequest('textDocument/completion', {
    textDocument,
    position: { line: 2, character: 2 },
  });
  assert.deepEqual(
    items.map(({ label }) => label),
    ['activeGroupId', 'groups'],
  );
  const said: { contents: { value: string } } = await rpc.sendRequest('textDocument/hover', {
    textDocument,
    position: { line: 1, character: 4 },
  });
  assert.match(said.contents.value, /form of this file/);
  const [found]: { command: object }[] = await rpc.sendRequest('textDocument/codeLens', { textDocument });
  assert.deepEqual(found?.command, { title: 'Start agent lead', command: 'agor.startAgent', arguments: [lens.argument] });
});

test('faults and lenses are told anew when something else than the text has changed', async () => {
  await open('extension');
  const first = diagnostics();
  await show('{ "version": 1, "groups": [{ "id": "g", "name": "G", "projects": [{ "id": "p", "name": "P", "cwd": "/srv/p" }] }] }');
  assert.deepEqual((await first).diagnostics, []);
  gone = '/srv/p';
  const asked = new Promise<void>((resolve) => void rpc.onRequest('workspace/codeLens/refresh', () => resolve()));
  const second = diagnostics();
  changed.emit();
  assert.match((await second).diagnostics[0]?.message ?? '', /There is no folder \/srv\/p/);
  await asked;
});

test('a text that nobody opened, or that is too long, has nothing to tell', async () => {
  await open('extension');
  assert.equal(await rpc.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } }), null);
  await show(' '.repeat(1024 * 1024 + 1));
  assert.equal(await rpc.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 5, character: 0 } }), null);
});
