import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gapSentences } from '../../../server/sandbox/gaps.ts';
import type { SandboxProfile } from '../../../server/sandbox/request.ts';
import type { Trial } from '../../../server/sandbox/trials.ts';
import { openState, proofsOf, stateOf, type Tested } from '../../../server/sandbox/verdict.ts';

const ports: SandboxProfile = { paths: [], tcpConnect: [443], tcpBind: [], hasNetwork: true, temporaryDir: '/t' };
const open: SandboxProfile = { ...ports, tcpConnect: 'any', tcpBind: 'any' };
const none: SandboxProfile = { ...ports, tcpConnect: [], hasNetwork: false };

const hooks: Trial = {
  tried: 'write .git/hooks',
  expected: 'denied',
  attempt: { kind: 'write', path: '/p/.git/hooks' },
  gap: { name: 'protectedFiles', subject: '.git/hooks' },
};
const tcp: Trial = { tried: 'tcp', expected: 'denied', attempt: { kind: 'tcp', port: 1 }, gap: { name: 'anyPort' } };
const udp: Trial = { tried: 'udp', expected: 'denied', attempt: { kind: 'udp', port: 1 }, gap: { name: 'datagrams' } };

function judged(answers: string[], found: Partial<Tested> = {}, profile = ports) {
  const tested: Tested = {
    layers: ['bubblewrap', 'landlock'],
    landlockAbi: 7,
    trials: [hooks, tcp, udp],
    answers,
    unguarded: [],
    ...found,
  };
  return stateOf(tested, { profile, mode: 'preferred' }, (gaps) => gaps.map(({ name }) => name).join());
}

test('it is full when nothing got through on the axis of files and processes, whatever the network does', () => {
  const state = judged(['EROFS', 'ok', 'ok']);
  assert.equal(state.files, 'full');
  assert.equal(state.network, 'open');
});

test('one thing that got through takes full away and is named', () => {
  const state = judged(['ok', 'EACCES', 'EACCES']);
  assert.equal(state.files, 'partial');
  assert.match(state.gaps[0] ?? '', /can change what may run on your machine later: \.git\/hooks/);
  assert.match(state.remedy ?? '', /^protectedFiles/);
});

test('what was not answered counts as got through', () => {
  const state = judged([]);
  assert.equal(state.files, 'partial');
  assert.equal(state.network, 'open');
});

test('a place that could not be guarded takes full away', () => {
  const state = judged(['EROFS', 'EACCES', 'ok'], { unguarded: ['.vscode'] });
  assert.equal(state.files, 'partial');
  assert.match(state.gaps.join(), /symbolic link: \.vscode/);
});

test('bubblewrap alone is never full', () => {
  assert.equal(judged(['EROFS', 'EACCES', 'EACCES'], { layers: ['bubblewrap'], landlockAbi: 0 }).files, 'partial');
});

for (const [name, profile, answers, network] of [
  ['all of it is open', open, ['EROFS'], 'open'],
  ['unlisted ports are closed and UDP is not', ports, ['EROFS', 'EACCES', 'ok'], 'ports'],
  ['unlisted ports should be closed and are not', ports, ['EROFS', 'ok', 'ok'], 'open'],
  ['there should be none and there is none', none, ['EROFS', 'ECONNREFUSED', 'ENETUNREACH'], 'none'],
  ['there should be none, but UDP goes through', none, ['EROFS', 'EACCES', 'ok'], 'ports'],
  ['there should be none, but TCP goes through', none, ['EROFS', 'ok', 'ok'], 'open'],
] as const) {
  test(`the network is "${network}" when ${name}`, () => {
    const trials = profile === open ? [hooks] : [hooks, tcp, udp];
    assert.equal(judged([...answers], { trials }, profile).network, network);
  });
}

test('an allowed port is a gap to every host, and UDP one of its own', () => {
  assert.deepEqual(
    judged(['EROFS', 'EACCES', 'ok']).gaps,
    gapSentences([{ name: 'anyHost' }, { name: 'datagrams' }, { name: 'laterRuns' }]),
  );
  assert.deepEqual(judged(['EROFS', 'EACCES', 'EACCES'], {}, none).gaps, gapSentences([{ name: 'laterRuns' }]));
});

test('a proof held when what should happen happened', () => {
  const allowed: Trial = { ...hooks, tried: 'write the project', expected: 'allowed', gap: null };
  assert.deepEqual(proofsOf({ trials: [hooks, hooks, allowed, allowed], answers: ['EROFS', 'ok', 'ok', 'EACCES'] }), [
    { tried: 'write .git/hooks', expected: 'denied', held: true, answer: 'EROFS' },
    { tried: 'write .git/hooks', expected: 'denied', held: false, answer: 'ok' },
    { tried: 'write the project', expected: 'allowed', held: true, answer: 'ok' },
    { tried: 'write the project', expected: 'allowed', held: false, answer: 'EACCES' },
  ]);
  assert.equal(proofsOf({ trials: [hooks], answers: [] })[0]?.held, false);
});

test('without any layer it says so', () => {
  const state = openState('preferred', 'Install it.');
  assert.deepEqual([state.files, state.network, state.layers], ['off', 'open', []]);
  assert.match(state.gaps[0] ?? '', /everything that you can/);
});

test('of many subjects a few are named, each once, and the rest counted', () => {
  const subjects = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const [sentence] = gapSentences(subjects.map((subject) => ({ name: 'hiddenFiles', subject })));
  assert.match(sentence ?? '', /: a, b, c, d, e, f and 2 more\.$/);
});
