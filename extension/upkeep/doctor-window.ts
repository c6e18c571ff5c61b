/** What only a window knows of an installation: its VS Code, and where that keeps secrets. Pure. */
import type { Finding } from '../../server/protocol/doctor.ts';
import { isWeak, noKeyringText, type StoreKind, storeText } from '../secrets/secret-store-kind.ts';
import type { Translate } from '../text/translate.ts';

const nothing = { why: null, todo: [], isFixable: false };
/** The oldest that brings a Node that is new enough. */
const floor = { major: 1, minor: 101 };

export function windowFindings({ version, store }: { readonly version: string; readonly store: StoreKind }, t: Translate): Finding[] {
  return [editorFinding(version, t), storeFinding(store, t)];
}

function editorFinding(version: string, t: Translate): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > floor.major || (major === floor.major && minor >= floor.minor);
  const what = isEnough ? t('VS Code {0} is new enough.', version) : t('VS Code {0} is too old: 1.101 or newer is needed.', version);
  return { ...nothing, id: 'machine.editor', area: 'machine', level: isEnough ? 'ok' : 'problem', what };
}

function storeFinding(store: StoreKind, t: Translate): Finding {
  const level = store === 'memory' || isWeak(store) ? 'warning' : 'ok';
  const todo = store === 'memory' ? [{ say: noKeyringText(t) }] : [];
  return { ...nothing, id: 'secrets.store', area: 'secrets', level, what: storeText(store, t), todo };
}
