/** How what a command brings back is shown: in lines for a person, or as one JSON document on stdout. */
import type { Writable } from 'node:stream';
import { asFailure, type ExitCode, exitCode } from './exit-codes.ts';
import { printable } from './printable.ts';
import { type Style, styleFor } from './style.ts';

export type Outcome = {
  /** The document of `--json`; undefined where the command has printed all there is. */
  readonly json: unknown;
  /** The same for a person; what comes from agents has been made printable. */
  readonly lines: (style: Style) => readonly string[];
  readonly exitCode?: ExitCode;
};

export async function showOutcome(outcome: Outcome, json: boolean): Promise<ExitCode> {
  const lines = json ? documents(outcome.json) : outcome.lines(styleFor(process.stdout));
  if (lines.length > 0) await write(process.stdout, `${lines.join('\n')}\n`);
  return outcome.exitCode ?? exitCode.ok;
}

export async function showFailure(error: unknown, json: boolean): Promise<ExitCode> {
  const { code, message, exitCode } = asFailure(error);
  if (json) await write(process.stdout, `${document({ error: { code, message } })}\n`);
  else await write(process.stderr, `${styleFor(process.stderr)('red', 'error:')} ${printable(message)}\n`);
  return exitCode;
}

/** Whoever reads our output may stop reading (`agor … | head`): that is no failure, and nobody is left to tell. */
export function endQuietlyWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      if (stream === process.stdout) process.stderr.write(`error: The output could not be written (${error.code ?? error.message}).\n`);
      process.exit(exitCode.refused);
    });
  }
}

/** Resolves when the operating system has it all, so that ending the process afterwards cuts nothing. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

function documents(value: unknown): string[] {
  return value === undefined ? [] : [document(value)];
}

function document(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
