/** The stand-ins of model APIs, by the requests that real programs make. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startChatCompletionsApi } from '../../support/chat-completions-api.ts';
import { CuttablePort } from '../../support/cuttable-port.ts';
import { startGeminiApi } from '../../support/gemini-api.ts';
import type { StandIn } from '../../support/model-server.ts';
import { offeredTool } from '../../support/tool-names.ts';

async function opened(t: TestContext, starting: Promise<StandIn>): Promise<StandIn> {
  const api = await starting;
  t.after(() => api.close());
  return api;
}

async function posted(url: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const bash = { type: 'function', function: { name: 'bash', parameters: {} } };

test('chat completions are streamed, call the program’s own tool, and go on after its result', async (t) => {
  const { url, bodies } = await opened(t, startChatCompletionsApi());
  const asked = { role: 'user', content: 'bash touch a' };
  const first = await posted(`${url}/v1/chat/completions`, { stream: true, messages: [asked], tools: [bash] });
  assert.match(first.text, /"name":"bash","arguments":"\{\\"command\\":\\"touch a\\"/);
  assert.match(first.text, /"finish_reason":"tool_calls".*data: \[DONE\]/s);
  const result = { role: 'tool', tool_call_id: 'x', content: 'done' };
  const second = await posted(`${url}/v1/chat/completions`, { messages: [asked, { role: 'assistant' }, result], tools: [bash] });
  assert.equal(JSON.parse(second.text).choices[0].message.content, 'The tool said: done');
  assert.equal(bodies.length, 2);
});

test('Gemini’s streams are the same script, and a key that is wrong is refused in its own way', async (t) => {
  let accepts = true;
  const { url } = await opened(t, startGeminiApi({ accepts: () => accepts }));
  const body = { contents: [{ role: 'user', parts: [{ text: 'text hello' }] }] };
  const path = `${url}/v1beta/models/any:streamGenerateContent?alt=sse`;
  assert.match((await posted(path, body)).text, /"parts":\[\{"text":"hello"\}\]/);
  accepts = false;
  const refused = await posted(path, body);
  assert.deepEqual([refused.status, JSON.parse(refused.text).error.status], [400, 'INVALID_ARGUMENT']);
});

test('a tool has the name that the program gives it', () => {
  assert.equal(offeredTool('Bash', ['read_file', 'run_shell_command']), 'run_shell_command');
  assert.equal(offeredTool('mcp__agor__send_message', ['bash', 'agor_send_message']), 'agor_send_message');
  assert.equal(offeredTool('mcp__agor__send_message', ['mcp_agor_send_message']), 'mcp_agor_send_message');
  assert.equal(offeredTool('Bash', ['read']), undefined);
});

test('a port that is cut refuses, and is the same port when it is mended', async (t) => {
  const api = await opened(t, startChatCompletionsApi());
  const port = new CuttablePort(api.url);
  await port.mend();
  t.after(() => port.cut());
  const { url } = port;
  const body = { messages: [{ role: 'user', content: 'text hello' }] };
  assert.equal((await posted(`${url}/v1/chat/completions`, body)).status, 200);
  await port.cut();
  await assert.rejects(posted(`${url}/v1/chat/completions`, body));
  await port.mend();
  assert.equal(port.url, url);
  assert.equal((await posted(`${url}/v1/chat/completions`, body)).status, 200);
});
