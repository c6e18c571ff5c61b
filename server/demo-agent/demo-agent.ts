/**
 * ROOT and MAIN of the demo agent: a program that speaks the Agent Client Protocol over its input and output, without
 * a model and without a network. It is what a newcomer talks to first, and what tests drive.
 */
import { Readable, Writable } from 'node:stream';
import { agent, type ContentBlock, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { DemoSessions } from './demo-sessions.ts';
import { pruneSessions } from './session-file.ts';
import { demoSettings } from './settings.ts';

const settings = demoSettings(process.env);
pruneSessions(settings.stateDir);
const sessions = new DemoSessions(settings);

const connection = agent({ name: 'agor-demo' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name: 'agor-demo', title: 'Demo agent', version: '1.0.0' },
    agentCapabilities: { loadSession: true },
    authMethods: [],
  }))
  .onRequest(methods.agent.session.new, ({ params }) => ({ sessionId: sessions.create(params.cwd) }))
  .onRequest(methods.agent.session.load, async ({ params, client }) => {
    await sessions.load(client, params.sessionId, params.cwd);
    return {};
  })
  .onRequest(methods.agent.session.prompt, ({ params, client }) => sessions.prompt(client, params.sessionId, textsOf(params.prompt)))
  .onNotification(methods.agent.session.cancel, ({ params }) => sessions.cancel(params.sessionId))
  // Node's web streams and the DOM's are one at run time; only their type declarations differ.
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>));

// End of input means that nobody listens any more, whatever a scene is about to say.
void connection.closed.then(() => process.exit(0));

function textsOf(prompt: readonly ContentBlock[]): string[] {
  return prompt.map((block) => (block.type === 'text' ? block.text : ''));
}
