/** What an agent has for its team, inside the real fence: its tools and its commands reach its own door. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, before, describe, it, type TestContext } from 'node:test';
import { claudeProgram } from '../support/claude-program.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { hasBubblewrap, landlockHere } from '../support/sandbox-world.ts';
import { makeSandboxedClaude, runToken } from '../support/sandboxed-claude.ts';
import { sampleMessage } from '../support/teamwork-samples.ts';

const needsFence = { skip: !hasBubblewrap() || landlockHere() < 6 };

/** Stands in for the command, which is a program of the sidecar's build. */
const btmsg = `#!/bin/sh
exec "$AGOR_NODE" -e '
  const { AGOR_CONTROL_SOCKET: socketPath, AGOR_RUN_TOKEN: token } = process.env;
  const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
  const asked = require("node:http").request({ socketPath, path: "/call", method: "POST", headers }, (answer) => answer.pipe(process.stdout));
  asked.end(JSON.stringify({ method: "message/send", params: { to: process.argv[1], text: process.argv[2] } }));
' "$@"
`;

let program: string;
let api: ModelApi;

before(async () => {
  program = await claudeProgram();
  api = await startModelApi();
});
after(() => api.close());

type Called = { readonly authorization: string | undefined; readonly body: unknown };

async function openFenced(t: TestContext, withoutBubblewrap: boolean) {
  const claude = makeSandboxedClaude(t, { program, modelUrl: api.url, by: 'key', withoutBubblewrap, commands: { btmsg } });
  const calls: Called[] = [];
  const server = createServer(async (request, response) => {
    calls.push({ authorization: request.headers.authorization, body: await json(request) });
    response.end(JSON.stringify({ result: { message: sampleMessage, note: null } }));
  });
  await new Promise<void>((resolve) => server.listen(claude.controlSocket, resolve));
  t.after(() => server.close());
  return { calls, session: await claude.open(null) };
}

for (const [fence, withoutBubblewrap] of [
  ['bubblewrap and Landlock', false],
  ['Landlock alone', true],
] as const) {
  describe(`in a fence of ${fence}`, needsFence, () => {
    it('the tools of its program and its command reach its sidecar', async (t) => {
      const { calls, session } = await openFenced(t, withoutBubblewrap);
      assert.match(await session.say('tool mcp__agor__send_message {"to":"ann","text":"by tool"}'), /Sent as 000000a1/);
      assert.match(await session.say('bash btmsg ann "by command"'), /000000a1/);
      const call = (text: string) => ({
        authorization: `Bearer ${runToken}`,
        body: { method: 'message/send', params: { to: 'ann', text } },
      });
      assert.deepEqual(calls, [call('by tool'), call('by command')]);
    });
  });
}
