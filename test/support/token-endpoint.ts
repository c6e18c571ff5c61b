/**
 * A stand-in of the place where Claude Code renews a login: behind a proxy on loopback, because the program asks one fixed
 * address. Its certificate is for these tests alone, and so is the key, which guards nothing.
 */
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type TokenEndpoint = {
  readonly proxyUrl: string;
  /** Path of the certificate that the program has to trust. */
  readonly certificate: string;
  readonly renewals: number;
  close(): Promise<void>;
};

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/token-endpoint/${name}`, import.meta.url));

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  let renewals = 0;
  const tls = { key: readFileSync(fixture('key.pem')), cert: readFileSync(fixture('certificate.pem')) };
  const endpoint = createHttpsServer(tls, (request, response) => {
    request.resume();
    if (!request.url?.endsWith('/oauth/token')) {
      response.writeHead(404).end('{}');
      return;
    }
    renewals += 1;
    const tokens = { access_token: `renewed-access-${renewals}`, refresh_token: `renewed-refresh-${renewals}` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ token_type: 'Bearer', ...tokens, expires_in: 28_800, scope: 'user:inference user:profile' }));
  });
  const endpointPort = await listen(endpoint);
  const tunnels = new Set<Duplex>();
  const proxy = createHttpServer((_, response) => response.writeHead(502).end());
  proxy.on('connect', (_, socket, head) => {
    const through = connect(endpointPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const side of [socket, through]) {
      tunnels.add(side);
      // Either side goes away when the program has what it wants.
      side.on('error', () => side.destroy());
    }
  });
  const proxyPort = await listen(proxy);
  return {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    certificate: fixture('certificate.pem'),
    get renewals() {
      return renewals;
    },
    close: async () => {
      for (const side of tunnels) side.destroy();
      await Promise.all([closed(proxy), closed(endpoint)]);
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)); // Never a string: it listens on TCP.
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
