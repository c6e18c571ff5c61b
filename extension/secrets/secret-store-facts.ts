/** Looks at what tells where VS Code keeps secrets. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, UIKind } from 'vscode';
import { passwordStoreOf, type StoreFacts } from './secret-store-kind.ts';

export function storeFacts(): StoreFacts {
  return {
    isWeb: env.uiKind === UIKind.Web,
    isRemote: env.remoteName !== undefined,
    platform: process.platform,
    passwordStore: passwordStoreOf({ commandLine: textOf(`/proc/${process.env.VSCODE_PID}/cmdline`), argvJson: textOf(argvJsonPath()) }),
    hasSessionBus: Boolean(process.env.DBUS_SESSION_BUS_ADDRESS) || existsSync(join(process.env.XDG_RUNTIME_DIR ?? '/nowhere', 'bus')),
  };
}

/** Builds of VS Code differ in the folder, which their own description names. */
function argvJsonPath(): string {
  if (process.env.VSCODE_PORTABLE) return join(process.env.VSCODE_PORTABLE, 'argv.json');
  const folder = /"dataFolderName"\s*:\s*"([^"/\\]+)"/.exec(textOf(join(env.appRoot, 'product.json')))?.[1];
  return join(homedir(), folder ?? '.vscode', 'argv.json');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not on this system, or not ours to read: then it tells nothing.
    return '';
  }
}
