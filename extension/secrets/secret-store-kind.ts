/**
 * Where VS Code keeps secrets, as well as it can be told from outside, because it does not tell extensions; and what a
 * person should know of it. Pure.
 */
import type { Translate } from '../text/translate.ts';

export type StoreKind =
  | 'system' // The keyring of the operating system.
  | 'basicText' // A file whose key is known: VS Code was told to do without a keyring.
  | 'memory' // No keyring can be there, so VS Code forgets them when it ends.
  | 'browser' // VS Code in a browser.
  | 'elsewhere'; // The VS Code on another computer that shows this window.

export type StoreFacts = {
  readonly isWeb: boolean;
  readonly isRemote: boolean;
  readonly platform: NodeJS.Platform;
  /** What VS Code was told to use: `--password-store`, or the same in its argv.json. */
  readonly passwordStore: string | undefined;
  /** Keyrings are reached over it. */
  readonly hasSessionBus: boolean;
};

export function storeKind({ isWeb, isRemote, platform, passwordStore, hasSessionBus }: StoreFacts): StoreKind {
  if (isWeb) return 'browser';
  if (isRemote) return 'elsewhere';
  if (platform !== 'linux') return 'system';
  if (passwordStore === 'basic' || passwordStore === 'basic_text') return 'basicText';
  return hasSessionBus ? 'system' : 'memory';
}

export function isWeak(kind: StoreKind): boolean {
  return kind === 'basicText' || kind === 'browser';
}

export function storeText(kind: StoreKind, t: Translate): string {
  const texts: Record<StoreKind, string> = {
    system: t('Kept by VS Code in the keyring of this computer.'),
    elsewhere: t('Kept by the VS Code that shows this window, on its own computer.'),
    basicText: t('Weak store: kept without a keyring, so who can read your files can read these.'),
    browser: t('Weak store: kept by this browser, maybe only until its page is closed.'),
    memory: t('No keyring: VS Code would forget them when it ends, so none are kept.'),
  };
  return texts[kind];
}

export function noKeyringText(t: Translate): string {
  return t(
    'VS Code has no keyring here that keeps a secret, and none is written to a file instead. Install and unlock one (on Linux gnome-keyring or KWallet), start VS Code again, or give agents their keys without it: see "agor secret --help".',
  );
}

/** It was there, and does not answer now. */
export function lockedText(name: string, t: Translate): string {
  return t(
    'The keyring of this computer is locked or gone, so the secret {0} can be neither read nor changed. Unlock it: nothing is lost, and what waits for it goes on.',
    name,
  );
}

/** From a command line, whose words end with a zero byte, or from the text of argv.json, which may have comments. */
export function passwordStoreOf({
  commandLine,
  argvJson,
}: {
  readonly commandLine: string;
  readonly argvJson: string;
}): string | undefined {
  const words = commandLine.split('\0');
  const index = words.findIndex((word) => word === '--password-store' || word.startsWith('--password-store='));
  if (index !== -1) return words[index]?.split('=')[1] ?? words[index + 1];
  return /^\s*"password-store"\s*:\s*"([^"]*)"/m.exec(argvJson)?.[1];
}
