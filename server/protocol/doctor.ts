/** What the doctor says of an installation: findings, each with what to do about it, and what was put right. */
import * as z from 'zod/mini';
import { BuildInfo } from './health.ts';

/** `note`: worth knowing, and nothing has to be done. */
export const FindingLevel = z.enum(['ok', 'note', 'warning', 'problem']);
export type FindingLevel = z.infer<typeof FindingLevel>;

/** In the order in which they are shown. */
export const FindingArea = z.enum(['backend', 'data', 'files', 'disk', 'machine', 'sandbox', 'agents', 'secrets']);
export type FindingArea = z.infer<typeof FindingArea>;

export const Finding = z.object({
  /** Names the check, and stays the same from build to build. */
  id: z.string(),
  area: FindingArea,
  level: FindingLevel,
  /** One sentence. Paths and names in it are as they were found: whoever shows it makes them printable. */
  what: z.string(),
  /** Why it matters; null where that is plain. */
  why: z.nullable(z.string()),
  /** What to do: sentences and command lines in their order. */
  todo: z.array(z.union([z.object({ say: z.string() }), z.object({ run: z.string() })])),
  /** Whether `--fix` puts it right without touching anything of record. */
  isFixable: z.boolean(),
});
export type Finding = z.infer<typeof Finding>;

/** `error`: why it stayed as it was; null where it was done. */
export const Fixed = z.object({ what: z.string(), error: z.nullable(z.string()) });
export type Fixed = z.infer<typeof Fixed>;

/** `deaf`: it holds the data directory and does not answer. */
export const BackendPresence = z.enum(['running', 'deaf', 'none']);
export type BackendPresence = z.infer<typeof BackendPresence>;

export const Examination = z.object({
  at: z.number(),
  dataDir: z.string(),
  /** Of the program that looked. */
  build: BuildInfo,
  backend: BackendPresence,
  tookMs: z.number(),
  findings: z.array(Finding),
  /** Empty where nothing was to be fixed, or a backend runs, which does that itself (`doctor/fix`). */
  fixed: z.array(Fixed),
});
export type Examination = z.infer<typeof Examination>;

/** One step of booting a demo agent, with how long it took. */
export const BootStep = z.object({ name: z.string(), tookMs: z.number(), detail: z.string(), isOk: z.boolean() });
export type BootStep = z.infer<typeof BootStep>;

export const BootReport = z.object({ isWhole: z.boolean(), tookMs: z.number(), build: BuildInfo, steps: z.array(BootStep) });
export type BootReport = z.infer<typeof BootReport>;

export const doctorRequests = {
  /** Looks at the files again and puts right what is safe, each with its row in the audit log. Only a person asks for it. */
  'doctor/fix': { params: z.object({}), result: z.object({ fixed: z.array(Fixed) }) },
} as const;
