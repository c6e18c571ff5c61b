/** The rows of "Add Agent". */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogueRows } from '../../../../extension/agents/catalogue-rows.ts';
import { type AgentKind, agentKinds, kindFacts } from '../../../../server/protocol/agent-kinds.ts';
import type { CatalogueEntry, Installation } from '../../../../server/protocol/catalogue.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';

function entries(installed: Partial<Record<AgentKind, Installation>> = {}): CatalogueEntry[] {
  return agentKinds.map((kind) => {
    const { program, args, places: _, keys, ...facts } = kindFacts[kind];
    const installation = installed[kind] ?? { state: program === null ? 'builtIn' : 'missing' };
    return { kind, ...facts, keys: [...keys], command: program === null ? [] : [program, ...args], installation };
  });
}

function shown(installed?: Partial<Record<AgentKind, Installation>>): string[] {
  return catalogueRows(entries(installed), plainTranslate).map((row) =>
    row.kind === 'separator' ? `-- ${row.label}` : `${row.label}: ${row.description}`,
  );
}

test('what is installed comes first with its version, what is not after that, and any command last', () => {
  const file = '/usr/bin/x';
  const rows = shown({
    opencode: { state: 'installed', file, version: '1.18.33', onPath: true },
    codex: { state: 'installed', file, version: null, onPath: true },
    goose: { state: 'writable', file },
  });
  assert.deepEqual(rows, [
    '-- On this computer',
    'Codex: installed',
    'OpenCode: 1.18.33',
    'Goose: lies where agents can write',
    'Demo agent: built in, without a model',
    '-- Not installed',
    'Claude Code: not installed',
    'Gemini CLI: not installed',
    'Claude Code by ACP: not installed',
    'Codex by ACP: not installed',
    '-- Another program',
    'Any ACP agent: by its command line',
  ]);
});

test('where nothing is installed, the demo agent is there all the same', () => {
  assert.deepEqual(shown().slice(0, 2), ['-- On this computer', 'Demo agent: built in, without a model']);
});

test('what a program says of itself draws no icons and hides nothing', () => {
  const file = '/tmp/$(error)\u202e/opencode';
  const rows = catalogueRows(entries({ opencode: { state: 'installed', file, version: '1.0.0-$(x)\n', onPath: true } }), plainTranslate);
  const row = rows.find((one) => one.kind === 'entry' && one.entry.kind === 'opencode');
  assert.ok(row?.kind === 'entry');
  assert.equal(row.description, '1.0.0-\\$(x)<U+000A>');
  assert.match(row.detail, /\\\$\(error\)<U\+202E>/);
});

test('a row says what one has to do without, and what was not tried', () => {
  const rows = catalogueRows(entries(), plainTranslate);
  const detail = (kind: AgentKind) => rows.flatMap((row) => (row.kind === 'entry' && row.entry.kind === kind ? [row.detail] : []))[0];
  assert.equal(detail('codex'), '', 'a table prices its tokens');
  assert.equal(detail('gemini'), 'no cost');
  assert.equal(detail('codex-acp'), 'no cost · errors only as text');
  assert.equal(detail('goose'), 'not tried yet');
  assert.equal(detail('claude'), '');
});
