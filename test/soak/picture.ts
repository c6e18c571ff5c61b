/** A drawing as a PNG, by the browser of the tests. */
import { writeFileSync } from 'node:fs';
import { launchBrowser } from '../support/browser.ts';

export async function savePicture(svg: string, file: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1_320, height: 1_200 } });
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    writeFileSync(file, await page.screenshot({ fullPage: true }));
  } finally {
    await browser.close();
  }
}
