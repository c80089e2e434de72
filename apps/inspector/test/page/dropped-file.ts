/** What a reader does who drops a file on the page. */
import type { Page } from 'playwright-core';

export async function dropFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], fileName));
      return data;
    },
    [name, [...bytes]] as const,
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
