/** The screening as messages and tasks use it: a failure of the detector is an event, never a pass and never an error. */
import type { PartyId } from '../protocol/ids.ts';
import type { Screening } from '../protocol/screening.ts';
import { screen } from './screen.ts';

export type ScreenSource = { readonly from: PartyId; readonly kind: 'message' | 'task' | 'comment' };
export type Screen = (text: string, source: ScreenSource) => Screening;

export type ScreenDeps = {
  /** Writes it down: `screening_failed` in the audit log. */
  readonly onFailure: (error: unknown, source: ScreenSource) => void;
  /** For when even that fails, as on a full disk. */
  readonly log: (message: string, error: unknown) => void;
  readonly detect?: (text: string) => Screening;
};

const failed: Screening = {
  verdict: 'flag',
  findings: [{ rule: 'detector/failed', meaning: 'Could not be screened, because the detector failed.', excerpt: '', at: 0 }],
};

export function createScreen({ onFailure, log, detect = screen }: ScreenDeps): Screen {
  return (text, source) => {
    try {
      return detect(text);
    } catch (error) {
      tell(() => onFailure(error, source), log);
      return failed;
    }
  };
}

function tell(write: () => void, log: ScreenDeps['log']): void {
  try {
    write();
  } catch (error) {
    log('a failure of the screening could not be written down', error);
  }
}
