import { versions } from './statement.ts';
import type { Version } from './statement.ts';

/** A statement that a title names, and what is wrong with how a title names statements. */
export interface TitleIds {
  readonly ids: readonly { readonly version: Version; readonly id: string }[];
  readonly faults: readonly string[];
}

/** Reads `[5.0 MQTT-1.5.4-1, MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-1]` out of a test's title. */
export function readTitleIds(title: string): TitleIds {
  const ids: TitleIds['ids'][number][] = [];
  const faults: string[] = [];
  const rest = title.replaceAll(/\[([^[\]]*)\]/g, (bracket, content: string) => {
    if (!meansStatements.test(content)) return ' ';
    const parts = wellFormed.exec(content);
    const version = versions.find((known) => known === parts?.[1]);
    const list = parts?.[2];
    if (version === undefined || list === undefined) faults.push(describeFault(bracket, content));
    else ids.push(...list.split(', ').map((id) => ({ version, id })));
    return ' ';
  });
  for (const [id] of rest.matchAll(looksLikeId)) {
    faults.push(`${id} stands in no closed bracket; write [5.0 ${id}] or [3.1.1 ${id}].`);
  }
  const unclosed = faults.length === 0 ? beginsBracket.exec(rest)?.[0] : undefined;
  if (unclosed !== undefined) faults.push(`${unclosed} has no end that can be read; write the id out in one literal.`);
  return { ids, faults };
}

// Other brackets are ordinary text: "an empty list [] is refused".
const meansStatements = /MQTT-[\d$%]|MQTT[_ ]?\d.*-\d|^\s*v?(?:5\.0|3\.1\.1)\s+[^\s\d]/i;
const beginsBracket = /\[(?:5\.0|3\.1\.1) [^\]]*$/;
const wellFormed = /^([\d.]+) (MQTT-[\d.]+-\d+(?:, MQTT-[\d.]+-\d+)*)$/;
const looksLikeId = /\bMQTT-\d+(?:[.-]\d+)*-\d+/gi;

function describeFault(bracket: string, content: string): string {
  if (/^\s*MQTT/i.test(content)) {
    return `${bracket} names no version; write [5.0 …] or [3.1.1 …].`;
  }
  if (/[$%]/.test(content)) {
    return `${bracket} is computed; an id has to be written out in the title.`;
  }
  return `${bracket} is malformed; write [5.0 MQTT-1.5.4-1, MQTT-1.5.4-2].`;
}
