/** What an agent can reach all the same: one sentence for each kind of gap. */

export type GapName = keyof typeof gaps;
/** `later`: no fence around a program that writes files can hold what others make of them afterwards. */
export type GapAxis = 'files' | 'network' | 'later';
export type Gap = {
  readonly name: GapName;
  /** What exactly, where there can be several. */
  readonly subject?: string;
};

type GapText = { readonly axis: GapAxis; readonly sentence: (subjects: string) => string };

const maxSubjects = 6;

export const gaps = {
  everything: files('Nothing holds it: it can read, change and connect to everything that you can.'),
  dataDirectory: files('It can open the data directory: messages, tokens and the audit trail.'),
  sharedTemporary: files('It can read what other programs keep in the shared temporary folder.'),
  writableProject: files('It can write the project, which it should only read.'),
  protectedFiles: files((subjects) => `It can change what may run on your machine later: ${subjects}.`),
  replaceableLinks: files((subjects) => `It can put something else in the place of a symbolic link: ${subjects}.`),
  movableFolders: files((subjects) => `It can move a folder with protected files away and put another in its place: ${subjects}.`),
  hiddenFiles: files((subjects) => `It can read what should be hidden: ${subjects}.`),
  fileNames: files('It can see whether a file exists anywhere, its size and its times.'),
  fileModes: files('It can change modes, times and extended attributes of files of yours anywhere.'),
  truncation: files('It can empty files of yours anywhere.'),
  signals: files('It can send signals to your other processes, and end them.'),
  processMemory: files('It can read the environment and the memory of your other processes.'),
  commandLines: files('It can read the command lines of all processes.'),
  survivors: files('Processes that it starts can outlive it.'),
  sharedMemory: files('It can use the shared memory and message queues of your other programs, and keys in the kernel.'),
  hostSockets: files('It can connect to the sockets of other programs: this product, Docker, ssh-agent, the editor.'),
  visibleSockets: files((subjects) => `It can connect to sockets in folders that it was given: ${subjects}.`),
  abstractSockets: files('It can connect to abstract sockets of other programs: the desktop, D-Bus.'),
  privileges: files('It has rights of the administrator, or can gain them.'),
  oneLayer: files('Bubblewrap alone holds it: one flaw there reaches all your files.'),
  anyPort: network('It can connect to every TCP port of every host, those of this machine included.'),
  anyHost: network('On an allowed port it reaches every host.'),
  datagrams: network('It can send UDP to every host, DNS queries included.'),
  laterRuns: later(
    'What it writes may run on your machine later: scripts and builds that you start, and a repository that it makes inside the project, whose configuration your git obeys when it looks into it.',
  ),
} as const satisfies Record<string, GapText>;

/** One sentence each, in the order of the table. */
export function gapSentences(found: readonly Gap[]): string[] {
  return gapNames.flatMap((name) => {
    const same = found.filter((gap) => gap.name === name);
    return same.length === 0 ? [] : [gaps[name].sentence(joined(same.flatMap(({ subject }) => subject ?? [])))];
  });
}

export function isOfFiles(gap: Gap): boolean {
  return gaps[gap.name].axis === 'files';
}

// Object.keys forgets the names.
const gapNames = Object.keys(gaps) as GapName[];

function joined(subjects: readonly string[]): string {
  const different = [...new Set(subjects)];
  const shown = different.slice(0, maxSubjects).join(', ');
  return different.length > maxSubjects ? `${shown} and ${different.length - maxSubjects} more` : shown;
}

function files(sentence: string | GapText['sentence']): GapText {
  return { axis: 'files', sentence: typeof sentence === 'string' ? () => sentence : sentence };
}

function network(sentence: string): GapText {
  return { axis: 'network', sentence: () => sentence };
}

function later(sentence: string): GapText {
  return { axis: 'later', sentence: () => sentence };
}
