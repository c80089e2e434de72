/** Why the lint has nothing to say about a statement of MQTT 5.0. */

const inside = 'happens inside one side; nothing of it is on the wire';
const stored = 'what the server stores shows only in what later subscribers get';
const acrossConnections =
  'shows only when publisher and subscriber are both seen; records of several connections are not compared';
const cannotBreak = 'what breaks it cannot be written, or reads as something else';
const transport = 'below the packets: frames and sub-protocols are taken off before';

/** Visible in principle, when several connections are seen. */
export const acrossOnly: ReadonlySet<string> = new Set(
  [
    '3.1.2-14',
    '3.1.2-15',
    '3.1.3-10',
    '3.3.1-9',
    '3.3.1-12',
    '3.3.1-13',
    '3.3.2-4',
    '3.3.2-6',
    '3.3.2-15',
    '3.3.2-16',
    '3.3.2-17',
    '3.3.2-18',
    '3.3.2-20',
    '3.8.4-4',
    '4.6.0-5',
    '4.6.0-6',
    '4.7.3-4',
  ].map((id) => `MQTT-${id}`),
);

const reasons: Readonly<Record<string, string>> = {
  [inside]:
    '1.5.4-3 3.1.2-7 3.1.2-25 3.2.2-10 3.3.2-5 3.3.4-8 3.3.4-10 3.8.4-3 3.10.4-3 4.1.0-1 4.3.2-5 4.3.3-7 4.3.3-9 4.3.3-10 4.3.3-12 4.3.3-13 4.5.0-1 4.8.2-4 4.8.2-5 4.8.2-6 4.9.0-3 3.3.4-2',
  [stored]: '3.1.2-8 3.1.2-10 3.1.3-9 3.3.1-5 3.3.1-6 3.3.1-7 3.3.1-8 3.14.4-3',
  [cannotBreak]: '2.2.1-2 3.1.3-1 4.7.3-3',
  [transport]: '4.2-1 6.0.0-1 6.0.0-2 6.0.0-3 6.0.0-4',
};

export function whyNotLinted(id: string): string | undefined {
  if (acrossOnly.has(id)) return acrossConnections;
  return Object.entries(reasons).find(([, ids]) => ids.split(' ').includes(id.replace('MQTT-', '')))?.[0];
}
