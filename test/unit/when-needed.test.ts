import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import esbuild, { type Plugin } from 'esbuild';
import { root } from '../../scripts/environment.ts';
import { builtinsWhenNeeded, logsToOurStreams, schemasWhenNeeded } from '../../scripts/when-needed.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-when-needed-'));
after(() => rmSync(folder, { recursive: true }));

/** What the program `source` prints as JSON, bundled like ours. */
async function printed(source: string, plugins: Plugin[]): Promise<unknown> {
  const outfile = join(folder, 'program.cjs');
  await esbuild.build({
    ...{ stdin: { contents: source, resolveDir: root, loader: 'ts' }, outfile, plugins },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'silent' },
  });
  return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }));
}

const judgeEverything = `
import * as z from 'zod/mini';
import { settingSchemas } from './server/protocol/settings.ts';
import { requests } from './server/protocol/requests.ts';
const samples = [undefined, null, 7, 'x', [], {}, { agent: 'a', project: 'p', text: 't', name: '', lines: 0, values: { a: 1 } }, { agents: [{}], items: 3 }];
const judged = (schema) => samples.map((sample) => {
  const { success, data, error } = z.safeParse(schema, sample);
  return success ? { data } : { issues: error.issues };
});
const contract = Object.entries(requests).map(([method, { params, result }]) => [method, judged(params), judged(result), params.type]);
const settings = Object.entries(settingSchemas).map(([name, schema]) => [name, judged(schema)]);
const kinds = [
  z.enum(['a', 'b']).options, z.object({ a: z.string() }).shape.a.type, z.string() instanceof z.ZodMiniString,
  z.extend(z.object({ a: z.string() }), { b: z.number() }).parse({ a: 'a', b: 1 }),
  z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b'), n: z.number() })]).safeParse({ k: 'b' }).error.issues,
  z.string().check(z.minLength(2)).def.checks.length,
];
`;

test('schemas that are made when they are first used judge the whole contract as the others do', async () => {
  const program = `${judgeEverything} console.log(JSON.stringify([contract, settings, kinds]));`;
  assert.deepEqual(await printed(program, [schemasWhenNeeded]), await printed(program, []));
});

test('of the contract hardly a schema is made before one is used, and then only what that one needs', async () => {
  const program = `
    const made = { before: 0, after: 0 };
    globalThis.__zod_globalConfig = { postProcessor: () => { made.after += 1; } };
    const { requests } = require('./server/protocol/requests.ts');
    made.before = made.after;
    requests['agent/list'].params.parse({ project: 'p' });
    made.after -= made.before;
    console.log(JSON.stringify(made));`;
  // esbuild keeps its plugins apart from what they are used on, so the two programs differ in nothing else.
  const [late, early] = [await printed(program, [schemasWhenNeeded]), await printed(program, [])].map(
    (made) => made as { before: number; after: number },
  );
  assert.ok(late && early && late.before < early.before / 2, JSON.stringify({ late, early }));
  assert.ok(late.after > 0 && late.after < 10, JSON.stringify(late));
});

test("a part of Node is loaded when something of it is used, with its classes and a thread's own data", async () => {
  const program = `
    import { spawnSync } from 'node:child_process';
    import { createServer, Server } from 'node:http';
    import { isMainThread, Worker } from 'node:worker_threads';
    const loaded = () => ['child_process', 'http', 'worker_threads'].filter((name) => process.moduleLoadList.includes('NativeModule ' + name));
    const before = loaded();
    const facts = [spawnSync('true').status, createServer() instanceof Server, isMainThread, typeof Worker];
    console.log(JSON.stringify({ before, facts }));`;
  assert.deepEqual(await printed(program, [builtinsWhenNeeded]), { before: [], facts: [0, true, true, 'function'] });
});

test('a logger that is given no stream says so, and one that is given one writes to it', async () => {
  const program = `
    import pino from 'pino';
    const lines = [];
    pino({ base: {} }, { write: (line) => lines.push(line) }).info('hello');
    let refusal = '';
    try { pino(); } catch (error) { refusal = error.message; }
    console.log(JSON.stringify([lines.length, refusal]));`;
  assert.deepEqual(await printed(program, [logsToOurStreams]), [1, 'sonic-boom is not in this program: give the logger a stream.']);
});
