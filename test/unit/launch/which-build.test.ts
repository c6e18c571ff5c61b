import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meeting, refusedText, trialState, whoServes } from '../../../server/launch/which-build.ts';
import { sampleUpgrade, someBuild } from '../../support/upgrade-samples.ts';

const older = someBuild('older', 1);
const newer = someBuild('newer', 2);
const sources = { version: '0.0.0', gitSha: 'dev', buildTime: 0, nodeVersion: 'v24' };

for (const [name, own, owner, refused, kind] of [
  ['of the same build says hello', older, older, undefined, 'greet'],
  ['of a newer build takes over', newer, older, undefined, 'takeOver'],
  ['of an older build says hello, and makes nobody go', older, newer, undefined, 'greet'],
  ['of a refused build stays where it understands the owner', newer, older, 'it hung', 'stay'],
  ['of a refused build is refused where it does not', { ...newer, contract: 'b' }, older, 'it hung', 'refuse'],
  ['of a refused build from before there was a contract is refused', { ...newer, contract: undefined }, older, 'it hung', 'refuse'],
  ['from the sources says hello', sources, older, undefined, 'greet'],
  ['of a build says hello to sources', newer, sources, undefined, 'greet'],
] as const) {
  test(`a caller ${name}`, () => {
    assert.equal(meeting(own, owner, refused).kind, kind);
  });
}

for (const [name, own, deployed, refused, expected] of [
  ['nobody has served', newer, undefined, undefined, 'own'],
  ['an older build has served', newer, older, undefined, 'own'],
  ['an older build has served and this one was refused', newer, older, 'it hung', 'deployed'],
  ['a newer build has served', older, newer, undefined, 'deployed'],
  ['this build has served', older, older, undefined, 'own'],
  ['it runs from the sources', sources, newer, undefined, 'own'],
] as const) {
  test(`where ${name}, ${expected === 'own' ? 'the caller’s build' : 'that one'} is started`, () => {
    assert.equal(whoServes(own, deployed, refused), expected);
  });
}

for (const [name, upgrade, isAlive, now, expected] of [
  ['no upgrade', undefined, false, 0, 'none'],
  ['one that is done', sampleUpgrade({ state: 'done' }), false, 0, 'none'],
  ['one that went back', sampleUpgrade({ state: 'wentBack' }), true, 0, 'none'],
  ['one whose backend works on it', sampleUpgrade({}), true, 100, 'runs'],
  ['one whose backend takes too long', sampleUpgrade({}), true, 101, 'hangs'],
  ['one whose backend is gone', sampleUpgrade({}), false, 50, 'over'],
  ['a way back that somebody works on', sampleUpgrade({ state: 'goingBack' }), true, 1_000, 'runs'],
] as const) {
  test(`of ${name}, a caller sees "${expected}"`, () => {
    assert.equal(trialState(upgrade, isAlive, now), expected);
  });
}

test('what was against a build stands in its sentence as a part of it', () => {
  const sentence = refusedText(newer, older, 'its smoke test ended with code 1: the disk is odd.');
  assert.match(sentence, /ended with code 1: the disk is odd\. Version .* goes on/);
});
