import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import { type Caller, createDispatch, type Dispatch, type Handlers } from '../../server/dispatch.ts';
import type { CallerKind } from '../../server/policy/callers.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { AgentId } from '../../server/protocol/ids.ts';
import { type Input, type Method, requests } from '../../server/protocol/requests.ts';

let called: { method: string; params: unknown }[];
let asked: { method: string; params: unknown }[];
let refusal: AgorError | undefined;
let logged: { message: string; fields: Record<string, unknown> }[];
let answer: () => unknown;
let dispatch: Dispatch;

beforeEach(() => {
  called = [];
  asked = [];
  refusal = undefined;
  logged = [];
  answer = () => ({ fine: true });
  const handler = (method: string) => (params: unknown) => {
    called.push({ method, params });
    return answer();
  };
  // Every method has the same handler here, which no method's type describes.
  const handlers = Object.fromEntries(Object.keys(requests).map((method) => [method, handler(method)])) as unknown as Handlers;
  const permit = (_: unknown, method: string, params: unknown) => {
    asked.push({ method, params });
    if (refusal) throw refusal;
  };
  dispatch = createDispatch(handlers, { permit, logFailure: (message, fields) => void logged.push({ message, fields }) });
});

function caller(kind: CallerKind): Caller {
  const watcher = () => {};
  return kind === 'agent' ? { kind, agentId: newId<AgentId>(), watcher } : { kind, watcher };
}

describe('the gate', () => {
  it('asks, with what was parsed, whether the caller still may, and calls nothing when it may not', async () => {
    await dispatch(caller('agent'), 'task/add', { title: 'tests', priority: 'high' });
    assert.deepEqual([asked, called], [[{ method: 'task/add', params: { title: 'tests', priority: 'high' } }], asked]);
    refusal = new AgorError('refused', 'The person has revoked that.');
    await assert.rejects(dispatch(caller('agent'), 'task/add', { title: 'tests' }), { code: 'refused', message: refusal.message });
    assert.equal(called.length, 1);
  });

  it('lets neither an agent nor an assistant decide, nor say how is decided', async () => {
    const methods = Object.keys(requests).filter((method) => /^(?:approval|rule)\/|^agent\/setMode$/.test(method));
    assert.equal(methods.length, 7);
    for (const kind of ['agent', 'assistant'] as const)
      for (const method of methods) await assert.rejects(dispatch(caller(kind), method, {}), { code: 'refused' }, `${kind} ${method}`);
    assert.deepEqual([asked, called], [[], []]);
  });

  it('parses what is asked before the handler sees it, and leaves out what no schema knows', async () => {
    const params = { path: '/home/me', name: '  shop  ', caller: 'extension' };
    assert.deepEqual(await dispatch(caller('cli'), 'project/add', params), { fine: true });
    assert.deepEqual(called, [{ method: 'project/add', params: { path: '/home/me', name: 'shop' } }]);
  });

  it('takes no parameters for none', async () => {
    await dispatch(caller('cli'), 'project/list', undefined);
    await dispatch(caller('cli'), 'project/list', null);
    assert.deepEqual(
      called.map(({ params }) => params),
      [{}, {}],
    );
  });

  for (const method of ['no/such', '', '__proto__', 'constructor', 'toString', 'project/list ']) {
    it(`does not know the method "${method}"`, async () => {
      await assert.rejects(dispatch(caller('cli'), method, {}), { name: 'AgorError', code: 'badRequest' });
    });
  }

  for (const [name, method, params, said] of [
    ['a missing value', 'project/add', {}, /project\/add: "path" cannot be used/],
    ['a value of another kind', 'agent/prompt', { agent: 7, text: 'a' }, /"agent" cannot be used/],
    [
      'a value that does not fit deep inside',
      'agent/add',
      { project: 'p', name: 'a', provider: 'demo', secrets: { A: 1 } },
      /"secrets\.A"/,
    ],
    ['a name of blanks', 'project/add', { path: '/home/me', name: '   ' }, /"name" cannot be used/],
    ['a page that is too large', 'session/items', { session: 's', limit: 1_001 }, /"limit" cannot be used/],
    ['no object at all', 'agent/list', 'all', /the parameters cannot be used/],
    ['a list for an object', 'agent/list', [], /the parameters cannot be used/],
    ['an empty reference', 'agent/stop', { agent: '' }, /"agent" cannot be used: .*expected.*1 character/],
    ['a title that is too long', 'task/add', { title: 'x'.repeat(1_001) }, /"title" cannot be used: .*expected.* to have <=200 characters/],
    ['an unknown decision', 'approval/answer', { approval: 'abc', decision: 'allow', hash: 'h' }, /"decision" cannot be used/],
    ['an answer without what was shown', 'approval/answer', { approval: 'abc', decision: 'deny' }, /"hash" cannot be used/],
    [
      'one of several answers without what was shown',
      'approval/answerAll',
      { answers: [{ approval: 'abc' }], decision: 'deny' },
      /"answers.0.hash" cannot be used/,
    ],
    ['a rule without what was shown', 'rule/add', { approval: 'abc', effect: 'always' }, /"hash" cannot be used/],
    ['a mode that there is not', 'agent/setMode', { agent: 'a', mode: 'free' }, /"mode" cannot be used/],
  ] as const) {
    it(`refuses ${name}, and says where`, async () => {
      await assert.rejects(dispatch(caller('cli'), method, params), { code: 'badRequest', message: said });
      assert.deepEqual([called, logged], [[], []]);
    });
  }
});

describe('an error', () => {
  it('that a person can act on goes out as it is, thrown or rejected', async () => {
    const error = new AgorError('conflict', 'It exists already.');
    answer = () => {
      throw error;
    };
    await assert.rejects(dispatch(caller('cli'), 'project/list', {}), error);
    answer = () => Promise.reject(error);
    await assert.rejects(dispatch(caller('cli'), 'project/list', {}), error);
    assert.deepEqual(logged, []);
  });

  it('of any other kind stays inside: it is logged in full, and shown with an id to find it by', async () => {
    const secret = new Error('cannot open /home/me/.secret');
    for (const fail of [() => Promise.reject(secret), () => Promise.reject('a string'), () => Promise.reject(undefined)]) {
      answer = fail;
      const failure: AgorError = await dispatch(caller('cli'), 'project/list', {}).then(
        () => assert.fail('it should fail'),
        (error) => error,
      );
      const { errorId, method } = logged.at(-1)?.fields ?? {};
      assert.deepEqual([failure.code, method], ['internal', 'project/list']);
      assert.match(failure.message, /^Something went wrong inside the backend\. The log has the details under [0-9a-f]{8}\.$/);
      assert.ok(failure.message.includes(String(errorId)));
    }
    assert.equal(logged[0]?.fields.err, secret);
  });
});

/** With params that fit, so that only the policy stands between caller and handler. */
const ofTeams = {
  'agent/list': {},
  'project/list': {},
  'team/list': {},
  'backend/ping': {},
  'message/send': { to: 'builder', text: 'Hello.' },
  'message/reply': { message: '4f21c0aa', text: 'Hello.' },
  'message/inbox': {},
  'message/read': { message: '4f21c0aa' },
  'message/unread': {},
  'message/history': { with: 'builder' },
  'message/contacts': {},
  'message/whoami': {},
  'message/status': {},
  'message/graph': {},
  'channel/create': { name: 'builders' },
  'channel/list': {},
  'channel/history': { channel: 'builders' },
  'channel/add': { channel: 'builders', member: 'builder' },
  'attachment/read': { attachment: '4f21c0aa' },
  'task/list': {},
  'task/add': { title: 'Sell shoes' },
  'task/edit': { task: '1', title: 'Sell hats' },
  'task/assign': { task: '1', to: null },
  'task/move': { task: '1', state: 'review' },
  'task/comment': { task: '1', text: 'Done.' },
  'task/show': { task: '1' },
  'task/remove': { task: '1' },
} as const satisfies { readonly [M in Method]?: Input<M> };
const ofAgents = {
  ...ofTeams,
  'message/heartbeat': {},
  'message/feed': {},
  'message/allow': { from: 'boss', to: 'builder' },
  'message/register': { id: 'b1', name: 'builder', role: 'project', group: 'shop' },
} as const satisfies { readonly [M in Method]?: Input<M> };

for (const [kind, mayCall] of [
  ['agent', ofAgents],
  ['assistant', ofTeams],
] as const)
  describe(`an ${kind}`, () => {
    const fitting = new Map<string, object>(Object.entries(mayCall));

    for (const method of Object.keys(requests)) {
      const params = fitting.get(method);
      it(`${params ? 'may' : 'may not'} call ${method}`, async () => {
        const asked = dispatch(caller(kind), method, params ?? {});
        if (params) await asked;
        else await assert.rejects(asked, { code: 'refused', message: new RegExp(` may not call ${method}; `) });
        assert.equal(called.length, params ? 1 : 0);
      });
    }
  });
