/** The HTML that a panel starts with: nothing may load but our own bundle, and nothing inline may run without the nonce. */

type PageOptions = {
  readonly lang: string;
  readonly title: string;
  readonly nonce: string;
  /** Where VS Code serves this panel's files from. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUris: readonly string[];
};

/** `lit-html` and `fast-html` are made by the libraries of those names, `dompurify` cleans markdown, `agor` is ours. */
const trustedTypePolicies = 'agor lit-html fast-html dompurify';

export function contentSecurityPolicy({ cspSource, nonce }: Pick<PageOptions, 'cspSource' | 'nonce'>): string {
  return [
    "default-src 'none'",
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypePolicies}`,
  ].join('; ');
}

export function pageHtml(options: PageOptions): string {
  const nonce = escapeHtml(options.nonce);
  const styles = options.styleUris.map((uri) => `    <link rel="stylesheet" href="${escapeHtml(uri)}">`).join('\n');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.lang)}">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(options))}">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(options.title)}</title>
${styles}
  </head>
  <body>
    <script nonce="${nonce}" type="module" src="${escapeHtml(options.scriptUri)}"></script>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
