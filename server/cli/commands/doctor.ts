/** `agor doctor`: finds what is wrong with an installation, says what to do, and puts right what is safe. */
import { type Command, Option } from 'commander';
import { boot, examine } from '../../launch/doctor.ts';
import type { Examination } from '../../protocol/doctor.ts';
import { bootLines, examinationLines, hasProblem } from '../doctor-text.ts';
import { exitCode } from '../exit-codes.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

type Options = { readonly fix?: true; readonly boot?: true; readonly all?: true };

const help = `
It reads every row of both databases against its hash, the mark and the audit chain, because SQLite does not notice
flipped bits and a log that lost its end; and it looks at files, modes, the disk, this machine's limits, the sandbox and
the programs of the agents. No backend is started, and one that runs is only asked.

--fix does what touches nothing of record: modes, sockets that nobody listens at, half-made copies. What removed agents
left is moved to the quarantine. Everything that is done is told, and kept in the audit log.

--boot has a demo agent started, asked and removed over a backend of its own: backend, sidecar, fence and program.

Exit codes: 0 no problems (there may be warnings); 1 problems.`;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('find out what is wrong, and what to do')
    .description('Looks for damage, leftovers, wrong modes, and what this machine lacks. Says of each why it matters and what to do.')
    .option('--fix', 'put right what is safe')
    .option('--all', 'show also what is as it should be')
    .addOption(new Option('--boot', 'instead, have a demo agent started and see an answer').conflicts(['fix', 'all']))
    .addHelpText('after', help)
    .action(run(doctor));
}

async function doctor(invocation: Invocation, options: Options): Promise<Outcome> {
  const place = { runtimeDir: distDir, dataDir: invocation.dataDir };
  if (options.boot) {
    const report = await boot(place);
    return { json: report, lines: (style) => bootLines(report, style), exitCode: report.isWhole ? exitCode.ok : exitCode.refused };
  }
  const examination = options.fix ? await fix(invocation) : await examine(place, 'examine');
  const lines: Outcome['lines'] = (style) => examinationLines(examination, options.all === true, style);
  return { json: examination, lines, exitCode: hasProblem(examination) ? exitCode.refused : exitCode.ok };
}

/** A backend that runs puts things right itself, since it knows what is in use; then it is looked again. */
async function fix(invocation: Invocation): Promise<Examination> {
  const place = { runtimeDir: distDir, dataDir: invocation.dataDir };
  const examination = await examine(place, 'fix');
  if (examination.backend !== 'running' || !examination.findings.some(({ isFixable }) => isFixable)) return examination;
  const backend = await invocation.backend();
  const { fixed } = await backend.call('doctor/fix', {});
  return { ...(await examine(place, 'examine')), fixed };
}
