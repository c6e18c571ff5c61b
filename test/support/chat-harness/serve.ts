/**
 * The pages without VS Code, on loopback, under the same content security policy as in VS Code. Run it to look:
 * `node test/support/chat-harness/serve.ts`, then open the address it prints (`?theme=light`, `?many=10000`, `?demo&empty`), or `board`, `metrics` or `audit` below it.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
const codicons = join(root, 'node_modules/@vscode/codicons/dist');
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf', '.html': 'text/html' };

/** Each page with what stands in for VS Code in it. */
const pages: Record<string, { script: string; fake: string }> = {
  '/': { script: 'chat.js', fake: 'fake-vscode.js' },
  '/board': { script: 'board.js', fake: 'fake-board.js' },
  '/metrics': { script: 'metrics.js', fake: 'fake-metrics.js' },
  '/audit': { script: 'audit.js', fake: 'fake-audit.js' },
};

export interface ChatServer {
  url: string;
  close: () => Promise<void>;
}

export async function serveChat(port = 0): Promise<ChatServer> {
  const files = await bundle();
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url ?? '/', 'http://localhost');
    const nonce = randomBytes(16).toString('hex');
    const page = pages[pathname];
    const body = page ? html(nonce, page) : files.get(pathname);
    const headers = { 'content-type': types[extname(pathname) || '.html'], 'cache-control': 'no-store' };
    response.writeHead(body === undefined ? 404 : 200, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server was expected to listen on a port.');
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

async function bundle(): Promise<Map<string, string | Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: {
      chat: join(root, 'webviews/chat/main.ts'),
      board: join(root, 'webviews/board/main.ts'),
      metrics: join(root, 'webviews/metrics/main.ts'),
      'fake-vscode': join(import.meta.dirname, 'fake-vscode.ts'),
      'fake-board': join(import.meta.dirname, 'fake-board.ts'),
      'fake-metrics': join(import.meta.dirname, 'fake-metrics.ts'),
      audit: join(root, 'webviews/audit/main.ts'),
      'fake-audit': join(import.meta.dirname, 'fake-audit.ts'),
    },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
  });
  const files = new Map<string, string | Uint8Array>(outputFiles.map(({ path, contents }) => [path, contents]));
  for (const name of ['codicon.css', 'codicon.ttf']) files.set(`/${name}`, await readFile(join(codicons, name)));
  return files;
}

/** As the panel makes it, with `'self'` in the place of VS Code's own source. */
function html(nonce: string, { script, fake }: { script: string; fake: string }): string {
  const policy = [
    "default-src 'none'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    `script-src 'nonce-${nonce}'`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html fast-html agor',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width" />
    <meta property="csp-nonce" content="${nonce}" />
    <title>Agor</title>
    <link rel="stylesheet" href="codicon.css" />
    <style nonce="${nonce}">
      body { background: var(--vscode-editor-background); padding: 0 20px; }
    </style>
  </head>
  <body>
    <script nonce="${nonce}" type="module" src="${fake}"></script>
    <script nonce="${nonce}" type="module" src="${script}"></script>
  </body>
</html>`;
}

if (import.meta.main) console.log((await serveChat(Number(process.argv[2] ?? 8123))).url);
