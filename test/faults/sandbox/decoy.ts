/** MAIN, outside: another program of the same user. It holds the secret in every way a program can, and writes down what reaches it. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, constants, createReadStream, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';
import { processIdentity } from '../../../server/base/process-identity.ts';
import { addressOf, attachShared, call, numbers, syscall } from './calls.ts';
import { secretIn } from './file-probes.ts';
import { type Decoy, eventsFile } from './probe.ts';

const [outside = ''] = process.argv.slice(2);
const secret = process.env.SECRET ?? '';
const inMemory = Buffer.from(secret);
const sharedBytes = 64;
const unlockTerminal = 0x40045431;
const terminalNumber = 0x80045430;
const removeWhenUnused = 0;

process.chdir(outside);
process.on('SIGUSR2', () => note('signal'));
const sharedFile = `/dev/shm/agor-probe-${randomBytes(8).toString('hex')}`;
process.stdin.on('end', end).resume();
process.stdout.write(JSON.stringify(await decoy()));

async function decoy(): Promise<Decoy> {
  const socket = join(outside, 'socket');
  const abstractName = `agor-probe-${randomBytes(8).toString('hex')}`;
  await listen({ path: socket });
  await listen({ path: `\0${abstractName}` });
  const tcp = await listen({ port: 0, host: '127.0.0.1' });
  writeFileSync(sharedFile, secret, { mode: 0o600 });
  return {
    pid: process.pid,
    startTime: processIdentity(process.pid)?.startTime ?? '',
    ...{ socket, abstractName, sharedFile },
    tcpPort: typeof tcp === 'object' && tcp ? tcp.port : 0,
    udpPort: await hear('udp'),
    dnsPort: await hear('dns'),
    terminal: openTerminal(),
    sharedMemoryId: shareMemory(),
    secretAddress: String(addressOf(inMemory)),
    secretFd: openSync(secretIn(outside), 'r'),
    fileHandle: handleOf(secretIn(outside)).toString('base64'),
  };
}

/** An orderly end would wait for whoever reads the terminal, which is for ever. */
function end(): void {
  rmSync(sharedFile, { force: true });
  process.kill(process.pid, 'SIGKILL');
}

function note(event: string): void {
  appendFileSync(eventsFile({ outside }), `${event}\n`);
}

async function listen(options: ListenOptions) {
  const server = createServer((client) => client.on('error', () => client.destroy()).end(secret));
  server.listen(options);
  await once(server, 'listening');
  return server.address();
}

/** Answers with nothing that makes sense, so that nobody waits. */
async function hear(event: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    note(event);
    socket.send(message, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

/** The side that programs write to; what is written there comes out of ours. */
function openTerminal(): string {
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  call('ioctl', master, unlockTerminal, Buffer.alloc(4));
  const number = Buffer.alloc(4);
  call('ioctl', master, terminalNumber, number);
  const path = `/dev/pts/${number.readUInt32LE(0)}`;
  // Somebody has to have it open, or our side ends.
  openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  createReadStream('', { fd: master }).on('data', () => note('terminal'));
  return path;
}

/** Goes with this process. */
function shareMemory(): number {
  const id = call('shmget', 0, sharedBytes, 0o600);
  attachShared(id, sharedBytes).write(secret);
  call('shmctl', id, removeWhenUnused, null);
  return id;
}

/** Its length and kind, and what the file system makes of it. */
function handleOf(path: string): Buffer {
  const handle = Buffer.alloc(136);
  handle.writeUInt32LE(128, 0);
  syscall(numbers.nameToHandle, -100, Buffer.from(`${path}\0`), handle, Buffer.alloc(4), 0);
  return handle;
}
