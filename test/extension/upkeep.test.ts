import assert from 'node:assert/strict';
import { type CodeLens, commands, type Memento, Uri, window } from 'vscode';
import { Procedures, procedureOf, stepOf } from '../../extension/upkeep/procedures.ts';
import { connectedSubject } from './subject.ts';

function memento(): Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    // What was put is what is asked for: the keeper does not look into it.
    get: <T>(key: string) => kept.get(key) as T,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
}

describe('procedures of the runbook', () => {
  it('what is no step of ours is none', () => {
    for (const argument of [
      undefined,
      null,
      'daily',
      {},
      { procedure: 'x' },
      { procedure: 'daily', step: 0 },
      { procedure: 'daily', step: 99 },
    ])
      assert.equal(stepOf(argument), undefined);
    assert.deepEqual(stepOf({ procedure: 'daily', step: 1 }), { procedure: 'daily', step: 1 });
    assert.equal(procedureOf({ procedure: 'disk' }), 'disk');
    assert.equal(procedureOf({ procedure: '__proto__' }), undefined);
  });

  it('steps are ticked off, taken back and forgotten, and the first says when it began', async () => {
    const procedures = new Procedures(memento());
    let changes = 0;
    procedures.onDidChange(() => {
      changes += 1;
    });
    await procedures.mark('daily', 2, 50);
    await procedures.mark('daily', 2, 60);
    await procedures.mark('daily', 1, 70);
    assert.deepEqual(procedures.progress('daily'), {
      startedAt: 50,
      done: [
        { step: 2, doneAt: 60 },
        { step: 1, doneAt: 70 },
      ],
    });
    await procedures.unmark('daily', 2);
    assert.equal(procedures.doneAt('daily', 2), undefined);
    assert.equal(procedures.progress('disk'), undefined);
    await procedures.forget('daily');
    assert.deepEqual([procedures.progress('daily'), changes], [undefined, 5]);
  });

  it('what another version kept is taken for not begun', async () => {
    const kept = memento();
    await kept.update('procedure.daily', { done: 'all' });
    assert.equal(new Procedures(kept).progress('daily'), undefined);
  });

  it('the runbook opens at the procedure that is named, with a command above each step', async () => {
    await connectedSubject();
    await commands.executeCommand('agor.openRunbook', { procedure: 'stuck' });
    const { document, selection } = window.activeTextEditor ?? {};
    assert.equal(document?.lineAt(selection?.active.line ?? 0).text, '## Stuck agent');
    const lenses: CodeLens[] = await commands.executeCommand('vscode.executeCodeLensProvider', document?.uri ?? Uri.parse('agor:/none'));
    const known = new Set(await commands.getCommands());
    assert.ok(lenses.length > 60);
    assert.deepEqual(
      lenses.filter(({ command }) => !known.has(command?.command ?? '')),
      [],
    );
  });
});
