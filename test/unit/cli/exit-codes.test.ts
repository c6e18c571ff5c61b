import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommanderError } from 'commander';
import { asFailure, isSuccess, UnreachableError, UsageError } from '../../../server/cli/exit-codes.ts';
import { AgorError } from '../../../server/protocol/errors.ts';

describe('exit codes', () => {
  const cases: [name: string, error: unknown, expected: number, code: string][] = [
    ['a refusal is 1', new AgorError('untrusted', 'Not trusted.'), 1, 'untrusted'],
    ['an agent that is away is a refusal', new AgorError('unavailable', 'Away.'), 1, 'unavailable'],
    ['wrong usage is 2', new UsageError('Wrong.'), 2, 'badRequest'],
    ["the parser's errors are 2", new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), 2, 'badRequest'],
    ['an unreachable backend is 3', new UnreachableError('unavailable', 'No answer.'), 3, 'unavailable'],
    ['what nobody foresaw is 1', new TypeError('x is undefined'), 1, 'internal'],
  ];
  for (const [name, error, expected, code] of cases) {
    it(name, () => {
      const failure = asFailure(error);
      assert.equal(failure.exitCode, expected);
      assert.equal(failure.code, code);
    });
  }

  it('help and version that were asked for are successes', () => {
    assert.ok(isSuccess(new CommanderError(0, 'commander.helpDisplayed', '')));
    assert.ok(!isSuccess(new CommanderError(1, 'commander.help', '')));
  });
});
