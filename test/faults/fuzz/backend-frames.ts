/** Good requests of every kind, for callers that garble them: nothing in them starts a program or ends the backend. */
import { newId } from '../../../server/base/uuid.ts';
import { permissionRequest } from '../../support/transcripts.ts';
import type { StageFacts } from '../stage.ts';

type Request = { readonly method: string; readonly params: object };

export function clientRequests({ project, folder, pausedAgent, pausedSessions, restingAgent }: StageFacts): Request[] {
  const [session] = pausedSessions;
  return [
    { method: 'project/add', params: { path: folder, name: 'more', trusted: false } },
    { method: 'project/list', params: {} },
    { method: 'agent/add', params: { project, name: 'more', provider: 'acp', command: ['none'], environment: { A: 'b' }, path: '/bin' } },
    { method: 'agent/configure', params: { agent: restingAgent, model: 'm', sandboxMode: null, secretUses: [] } },
    { method: 'agent/list', params: { project } },
    { method: 'agent/prompt', params: { agent: pausedAgent, text: 'hello', promptId: newId() } },
    { method: 'agent/interrupt', params: { agent: pausedAgent } },
    { method: 'agent/stop', params: { agent: restingAgent } },
    { method: 'agent/pause', params: { agent: pausedAgent } },
    { method: 'agent/logs', params: { agent: restingAgent, lines: 10 } },
    { method: 'session/list', params: { agent: pausedAgent, limit: 10 } },
    { method: 'session/create', params: { agent: restingAgent } },
    { method: 'session/resume', params: { session } },
    { method: 'session/watch', params: { session, limit: 10 } },
    { method: 'session/unwatch', params: { session } },
    { method: 'session/items', params: { session, beforeOrdinal: 10, limit: 10 } },
    { method: 'approval/list', params: { all: true } },
    { method: 'approval/answer', params: { approval: newId(), decision: 'deny', hash: 'h', message: 'no' } },
    { method: 'approval/answerAll', params: { answers: [{ approval: newId(), hash: 'h' }], decision: 'deny' } },
    { method: 'rule/list', params: { project } },
    { method: 'rule/add', params: { approval: newId(), hash: 'h', effect: 'never', days: 7, folder: 'src' } },
    { method: 'rule/remove', params: { rule: newId() } },
    { method: 'agent/setMode', params: { agent: restingAgent, mode: 'restricted' } },
    { method: 'settings/get', params: {} },
    { method: 'settings/put', params: { values: { 'turns.max': 3, 'sandbox.ports': [80, 443] } } },
    { method: 'outbox/show', params: { agent: restingAgent } },
    { method: 'view/put', params: { view: 'chat', key: 'k', state: 's' } },
    { method: 'view/get', params: { view: 'chat', key: 'k' } },
    { method: 'health/get', params: {} },
    { method: 'log/getLevel', params: {} },
    { method: 'initialize', params: { processId: 1, capabilities: {}, rootUri: null } },
    { method: '$/cancelRequest', params: { id: 1 } },
    { method: '$/setTrace', params: { value: 'verbose' } },
  ];
}

export function sidecarRequests({ session: sessionId }: StageFacts): Request[] {
  const ids = { turnId: newId(), itemId: newId(), approvalId: newId() };
  const events = [
    { type: 'turnStarted', turnId: ids.turnId, promptIds: [] },
    { type: 'text', itemId: ids.itemId, offset: 0, text: 'hello' },
    { type: 'blockEnded', itemId: ids.itemId },
    { type: 'toolStarted', itemId: newId(), parentItemId: null, name: 'Bash', title: 'ls', kind: 'execute', input: {}, content: [] },
    { type: 'permissionAsked', approvalId: ids.approvalId, toolItemId: null, request: permissionRequest },
    { type: 'permissionWithdrawn', approvalId: ids.approvalId, reason: 'gone' },
    { type: 'plan', entries: [{ text: 'think', status: 'done' }] },
    { type: 'notice', level: 'info', text: 'hello' },
    { type: 'turnEnded', turnId: ids.turnId, reason: 'completed', failure: null },
  ];
  const appends = events.map((event, index) => ({
    method: 'run/append',
    params: { events: [{ seq: index + 1, key: newId(), at: 1_000 + index, sessionId, event }] },
  }));
  return [
    ...appends,
    { method: 'run/streamed', params: { sessionId, event: { type: 'text', itemId: ids.itemId, offset: 5, text: ' you' } } },
    { method: 'run/programChanged', params: { programPid: 1, programVersion: '1', detail: 'up' } },
    { method: 'run/poisoned', params: { count: 1 } },
  ];
}
