import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSelfTest } from '../../../server/sandbox/self-test.ts';

const options = { cwd: '/', environment: {} };
const node = (script: string) => [process.execPath, '-e', script] as const;

test('the report is what the program printed', async () => {
  const report = { landlockAbi: 7, answers: ['ok', 'EACCES'] };
  assert.deepEqual(await runSelfTest(node(`console.log('${JSON.stringify(report)}')`), options), { report });
});

for (const [name, argv, failure] of [
  ['no such program', ['/no/such/program'], /ENOENT/],
  ['one that says why', node('console.error("first"); console.error("No user namespaces."); process.exit(1)'), /^No user namespaces\.$/],
  ['one that ends without a word', node('process.exit(3)'), /ended with 3/],
  ['one that is killed', node('process.kill(process.pid, "SIGKILL")'), /ended with SIGKILL/],
  ['garbage', node('console.log("hello")'), /ended with 0/],
  ['a report of another shape', node('console.log(JSON.stringify({ answers: 1 }))'), /ended with 0/],
] as const) {
  test(`${name} is a failure with its reason`, async () => {
    const result = await runSelfTest(argv, options);
    assert.match('failure' in result ? result.failure : '', failure);
  });
}

test('what does not answer is given up, with all that it started, and nothing is started without it', async () => {
  const child = 'require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })';
  const testing = runSelfTest(node(`${child}; setInterval(() => {}, 1000)`), { ...options, deadlineMs: 300 });
  await assert.rejects(testing, { code: 'unavailable', message: /did not answer within 0\.3 s/ });
});
