/**
 * Somebody with the file in hand edits, deletes, puts in, reorders or cuts off rows of the audit log, also making the
 * chain anew behind it. Each is found, and located at the first row that is not what it was.
 */
import { AuditedLog } from '../audited-log.ts';
import type { Row } from '../row.ts';
import { Tally } from '../tally.ts';

const auditRows = 400;
const points = { short: 60, long: 1_000 };

export const audit: Row = {
  name: 'audit',
  async run(context) {
    const log = new AuditedLog(context.scratch, auditRows);
    const tally = new Tally();
    const untouched = await log.untouched();
    if (untouched.breaks.length > 0) tally.problem(`a log that nobody touched is called broken: ${JSON.stringify(untouched.breaks)}`);
    let named = 0;
    for (let point = 0; point < (context.points ?? points[context.size]); point += 1) {
      const { tampered, verdict } = await log.tampered(context.random);
      const [first] = verdict.breaks;
      tally.points += 1;
      if (first?.seq !== tampered.first)
        tally.problem(`${tampered.what} should be located at ${tampered.first}: ${JSON.stringify(verdict.breaks)}`);
      if (first?.kind === tampered.kind) named += 1;
    }
    return tally.figures([`${named} of ${tally.points} by their kind`]);
  },
};
