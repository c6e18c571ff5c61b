/** Programs that print garbage, read by the real adapters: none dies of it, and each goes on listening. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ReadingReport } from '../fuzz/reading-adapter.ts';
import type { Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';

const lines = { short: 1_000, long: 10_000 };
const mostRssGrowthMb = 100;
const reader = join(import.meta.dirname, '../fuzz/reading-adapter.ts');

export const fuzzAcp = row('fuzz-acp', 'acp');
export const fuzzClaude = row('fuzz-claude', 'claude');

function row(name: string, protocol: 'acp' | 'claude'): Row {
  return {
    name,
    async run(context) {
      const tally = new Tally();
      const wanted = context.points ?? lines[context.size];
      const { report, stderr, code } = await read(protocol, wanted, context);
      if (!report) {
        tally.problem(`the adapter died (${code}): ${stderr.slice(-2_000)}`);
        return tally.figures();
      }
      tally.points = report.lines;
      if (report.deafAfter !== null) tally.problem(`the adapter is deaf after ${report.deafAfter} (base64)`);
      if (!report.isAlive) tally.problem('no turn was possible any more');
      if (report.rssGrowthMb > mostRssGrowthMb) tally.problem(`it grew by ${report.rssGrowthMb} MB`);
      return tally.figures([`${report.events} events, ${report.told} lines told as broken`, `memory +${report.rssGrowthMb} MB`]);
    },
  };
}

type Outcome = { readonly report: ReadingReport | undefined; readonly stderr: string; readonly code: number | null };

function read(protocol: string, wanted: number, { random, scratch }: RowContext): Promise<Outcome> {
  const args = [reader, protocol, String(random.below(1_000_000)), String(wanted), scratch];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] = (out[name] + text).slice(-16_000);
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const last = out.stdout.trim().split('\n').at(-1) ?? '';
      resolve({ report: code === 0 ? JSON.parse(last) : undefined, stderr: out.stderr, code });
    });
  });
}
