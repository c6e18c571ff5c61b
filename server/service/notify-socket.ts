/**
 * A datagram to systemd, which Node itself cannot send. It goes out from this very process, because systemd believes
 * nobody else (`NotifyAccess=main`): the program `systemd-notify` would be somebody else.
 */
import { getSystemErrorName } from 'node:util';
import { loadKoffi } from '../sandbox/libc.ts';
import type { Notify } from './notify.ts';

const unixFamily = 1;
const datagram = 2;
const closeOnExec = 0o2000000;
/** Neither waits for a receiver that is slow nor is ended by one that is gone. */
const withoutWaitingOrSignal = 0x40 | 0x4000;

/** Throws when there is no native part for this machine. What `send` cannot send, it throws. */
export function openNotifySocket(path: string): { readonly send: Notify; readonly close: () => void } {
  const koffi = loadKoffi();
  const library = koffi.load(null);
  const socket = library.func('int socket(int, int, int)');
  const sendto = library.func('long sendto(int, const void *, size_t, int, const void *, uint)');
  const closeDescriptor = library.func('int close(int)');
  const checked = (call: string, result: number) => {
    if (result < 0) throw new Error(`systemd was not told: ${call}: ${getSystemErrorName(-koffi.errno())}`);
    return result;
  };
  const address = addressOf(path);
  const descriptor = checked('socket', socket(unixFamily, datagram | closeOnExec, 0));
  return {
    send: (message) => {
      const bytes = Buffer.from(message);
      checked('sendto', Number(sendto(descriptor, bytes, bytes.length, withoutWaitingOrSignal, address, address.length)));
    },
    close: () => void closeDescriptor(descriptor),
  };
}

/** `struct sockaddr_un`; a path that begins with @ is a name without a file, which begins with a zero. */
function addressOf(path: string): Buffer {
  const family = Buffer.alloc(2);
  new Uint16Array(family.buffer, family.byteOffset, 1)[0] = unixFamily;
  const name = path.startsWith('@') ? Buffer.from(`\0${path.slice(1)}`) : Buffer.from(`${path}\0`);
  return Buffer.concat([family, name]);
}
