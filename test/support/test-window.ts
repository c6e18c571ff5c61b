/** A VS Code window as the backend sees it: greeted as one, ready to be asked, and with secrets of its own. */
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import { connectToBackend } from '../../server/launch/connect.ts';

export class TestWindow {
  /** Names that it was asked for, in order. */
  readonly asked: string[] = [];
  /** Set: its keyring takes and gives nothing. */
  lockedBecause: string | undefined;
  /** Called when it is asked to keep another value, before and after it does. */
  beforeStore = () => {};
  afterStore = () => {};
  readonly #rpc: MessageConnection;
  readonly #close: () => void;

  private constructor(rpc: MessageConnection, close: () => void) {
    this.#rpc = rpc;
    this.#close = close;
  }

  /** `distDir`: where the programs are, built or not. */
  static async open(place: { readonly dataDir: string; readonly distDir: string }, secrets: Record<string, string>): Promise<TestWindow> {
    const socket = await connectToBackend({ ...place, role: 'extension' });
    const reader = new SocketMessageReader(socket);
    // Its timer would outlive a connection that breaks in the middle of a message.
    reader.partialMessageTimeout = 0;
    const rpc = createMessageConnection(reader, new SocketMessageWriter(socket));
    const window = new TestWindow(rpc, () => socket.destroy());
    rpc.onRequest('secret/read', ({ name }: { name: string }) => {
      window.asked.push(name);
      if (window.lockedBecause !== undefined) throw new ResponseError(-32000, window.lockedBecause, { code: 'unavailable' });
      return { value: secrets[name] ?? null };
    });
    rpc.onRequest('secret/store', ({ name, value }: { name: string; value: string }) => window.#store(secrets, name, value));
    rpc.onError(() => {});
    rpc.listen();
    socket.resume();
    await rpc.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
    await rpc.sendNotification('initialized', {});
    return window;
  }

  #store(secrets: Record<string, string>, name: string, value: string): { stored: boolean } {
    if (this.lockedBecause !== undefined) throw new ResponseError(-32000, this.lockedBecause, { code: 'unavailable' });
    if (secrets[name] === undefined) return { stored: false };
    this.beforeStore();
    secrets[name] = value;
    this.afterStore();
    return { stored: true };
  }

  /** Everything that the backend tells its windows. */
  onNotification(listener: (method: string, params: unknown) => void): void {
    this.#rpc.onNotification((method, params) => listener(method, params));
  }

  call(method: string, params: object): Promise<unknown> {
    return this.#rpc.sendRequest(method, params);
  }

  close(): void {
    this.#rpc.dispose();
    this.#close();
  }
}
