/**
 * The few lines of shell in which a program gets its bounds before it is itself: what it then starts has them too.
 * Pure.
 */
export type Prelude = {
  /** The program writes its number into each; without one of them it does not start. */
  readonly joinFiles: readonly string[];
  readonly openFiles: number;
  /** Of the whole user; null where something else bounds them. */
  readonly userProcesses: number | null;
  /** How early the kernel ends it when memory is short, up to 1000; null where there is no such thing. */
  readonly oomScore: number | null;
  /** Put in front of the shell: what makes a control group where we may not. */
  readonly scope: readonly string[];
};

type Command = readonly [string, ...string[]];

const shell = '/bin/sh';

/** The same arguments, environment, folder and process: the shell is replaced by the program. */
export function withPrelude(prelude: Prelude, command: Command): Command {
  const inner: Command = [shell, '-c', script(prelude), 'sh', ...command];
  const [first, ...rest] = prelude.scope;
  return first === undefined ? inner : [first, ...rest, ...inner];
}

function script({ joinFiles, openFiles, userProcesses, oomScore }: Prelude): string {
  return [
    ...joinFiles.map((file) => `echo $$ > ${quoted(file)} || exit 125`),
    ...(oomScore === null ? [] : [`echo ${oomScore} 2>/dev/null > /proc/self/oom_score_adj`]),
    // Nothing but the kernel's word decides whether a bound could be set; a lower one that is there already holds.
    'ulimit -c 0 2>/dev/null',
    `ulimit -n ${openFiles} 2>/dev/null`,
    // Shells do not agree on the letter.
    ...(userProcesses === null ? [] : [`ulimit -u ${userProcesses} 2>/dev/null || ulimit -p ${userProcesses} 2>/dev/null`]),
    'exec "$@"',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
