/** The real Codex as an agent of a real backend, by the command line: added, asked about, priced, and its key nowhere. */
import assert from 'node:assert/strict';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { PriceReport } from '../../server/protocol/prices.ts';
import { requests } from '../../server/protocol/requests.ts';
import { codexProgram, codexVersion } from '../support/codex-program.ts';
import { type ResponsesApi, startResponsesApi } from '../support/responses-api.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { foundInFiles } from '../support/secret-search.ts';

const key = 'sk-canary-2b7f41d9';

let api: ResponsesApi;
let home: AgorHome;

before(async () => {
  const folder = dirname(await codexProgram());
  api = await startResponsesApi();
  home = await agorHome({ OPENAI_API_KEY: key, OPENAI_BASE_URL: api.url, PATH: `${folder}:${process.env.PATH}` });
  await home.json(['project', 'add', '.']);
});
after(async () => {
  await home.close();
  await api.close();
});

async function usage() {
  const { agents } = requests['agent/list'].result.parse(await home.json(['agent', 'list']));
  return agents[0]?.usage;
}

it('is added with the program that is on the PATH, and says where its key comes from', async () => {
  const { stdout } = await home.run(['agent', 'add', 'tester', '--provider', 'codex', '--model', 'gpt-6-luna']);
  assert.match(stdout, new RegExp(`Its program is .*/codex, version ${codexVersion.replaceAll('.', '\\.')}\\.`));
  assert.match(stdout, /Uses OPENAI_API_KEY from your environment; the value is kept in memory only/);
});

it('works on a prompt, whose command is allowed in another terminal, and is priced by the table', async () => {
  const waiting = home.start(['agent', 'prompt', 'tester', 'bash echo "made $OPENAI_API_KEY" > made.txt', '--wait']);
  await waiting.seen(/Answer with: agor approve [0-9a-f]{8}/);
  const answer = await home.run(['approve']);
  assert.match(answer.stdout, /echo "made/);
  const { code, stderr } = await waiting.finished;
  assert.equal(code, 0, stderr);
  await access(join(home.project, 'made.txt'));
  assert.equal(api.keys.at(-1), `Bearer ${key}`);
  // Two answers, each with 50 tokens of input, 50 cached ones and 20 of output.
  const told = await usage();
  assert.ok(Math.abs((told?.costUsd ?? 0) - (100 * 0.1 + 100 * 0.01 + 40 * 0.5) / 1e6) < 1e-12);
  assert.deepEqual(told?.costSource, { by: 'prices', dated: '2026-10-27', own: false });
});

it('is priced by the person’s own table from the next answer on, and a file of nonsense changes nothing', async () => {
  const report = PriceReport.parse(await home.json(['prices']));
  assert.equal(report.exists, false);
  await mkdir(dirname(report.path), { recursive: true });
  const models = { 'gpt-6-luna': { input: 1, cachedInput: 1, output: 1 } };
  await writeFile(report.path, JSON.stringify({ version: 1, dated: '2026-11-28', models }));
  await home.run(['agent', 'prompt', 'tester', 'text once more', '--wait']);
  assert.deepEqual((await usage())?.costSource, { by: 'prices', dated: '2026-11-28', own: true });
  await writeFile(report.path, '{ "version": 1, "dated": "soon", "models": {} }');
  const { code, stdout } = await home.run(['prices']);
  assert.equal(code, 1);
  assert.match(stdout, /prices\.json:1:\d+: error: "dated": the day of the prices is expected/);
  assert.match(stdout, /gpt-6-luna +\$1 .*prices\.json/);
});

it('leaves its key in no file', async () => {
  const { searched, found } = foundInFiles(dirname(home.dataDir), key);
  assert.ok(searched > 20);
  assert.deepEqual(found, []);
});
