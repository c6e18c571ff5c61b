import { absent, hash, type Verb } from '../verb.ts';

/** A person finished a procedure of the runbook; the row of the audit log is its effect, besides the report that it names. */
export const runbookFinish: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(_, sender) {
    const note = `finished by ${sender.name} ${sender.n}`;
    return {
      entry: {
        verb: 'runbook/finish',
        sender: sender.name,
        n: sender.n,
        key: note,
        bodyHash: hash(note),
        audits: [`procedure_finished ${note}`],
      },
      perform: async (voice) =>
        void (await voice.call('runbook/finish', { procedure: 'daily', startedAt: 0, steps: [{ step: 1, doneAt: 1 }], note })),
    };
  },
  find(data, { key }) {
    const copies = data.count(
      data.btmsg,
      "select count(*) as count from audit_log where event = 'procedure_finished' and json_extract(detail, '$.note') = ?",
      key,
    );
    return copies === 0 ? absent : { copies, bodyHash: hash(key) };
  },
  audited: { procedure_finished: ({ detail }) => String(detail.note) },
};
