/** What every page does before it draws: fills its panel, and tells the panel what went wrong in it. */
import type { Host } from './host.ts';

/** The page fills the panel, without the margins that VS Code gives to documents. */
export function fillPanel(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }');
  document.adoptedStyleSheets.push(sheet);
}

export function reportFailures(host: Pick<Host, 'post'>): void {
  window.addEventListener('error', ({ message }) => {
    // The browser's way to say that a size changed again while sizes were told of; it tells of it in the next frame.
    if (!message.startsWith('ResizeObserver loop')) host.post({ type: 'failed', message });
  });
  window.addEventListener('unhandledrejection', ({ reason }) => host.post({ type: 'failed', message: String(reason) }));
}
