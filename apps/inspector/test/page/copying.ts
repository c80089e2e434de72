import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

export function copying(built: () => BuiltPage): void {
  test('a packet can be had as commands that go through the inspector, code, fields, hex and a test vector', async () => {
    const { page, inspector } = await showConversation(built());
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.list-row[data-direction=c2s]', { hasText: 'plant/2/temp' }).first().click();
    await page.locator('.detail h2', { hasText: 'PUBLISH #5' }).waitFor();
    const { port } = new URL(inspector.listeners[0] ?? '');
    const copied = async (name: string): Promise<string> => {
      await page.keyboard.press('c');
      await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      return page.evaluate(async () => navigator.clipboard.readText());
    };
    expect(await copied('omqtt command')).toBe(
      `omqtt pub --url mqtt://127.0.0.1:${port} -q 1 --message='{"temp":20,"unit":"C"}' plant/2/temp`,
    );
    expect(await copied('mosquitto command')).toBe(
      `mosquitto_pub -h 127.0.0.1 -p ${port} -V mqttv5 -q 1 -t plant/2/temp -m '{"temp":20,"unit":"C"}'`,
    );
    expect(await copied('TypeScript')).toBe(
      String.raw`await client.publish("plant/2/temp", "{\"temp\":20,\"unit\":\"C\"}", { qos: 1 });`,
    );
    expect(await copied('Fields')).toContain('topic: "plant/2/temp" [2-16]');
    expect(await copied('Hex')).toMatch(/^32 27 00 0c 70 6c 61 6e 74/);
    expect(await copied('Test vector')).toContain('0x00, 0x02, // packetId');
  });
}
