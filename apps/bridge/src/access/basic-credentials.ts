/** `Authorization: Basic …` (RFC 7617), as the user name and the password of MQTT. */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
  /** To find them again by, without keeping them. */
  readonly key: string;
}

/** Undefined for anything else, or what is not one. */
export function basicCredentials(authorization: string): BasicCredentials | undefined {
  const [, encoded] = /^basic +([\w+/-]+={0,2})$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const text = isUtf8(bytes) ? bytes.toString() : '';
  const border = text.indexOf(':');
  // Control characters are neither in the one nor in the other, says the RFC; and MQTT allows no NUL.
  // eslint-disable-next-line no-control-regex -- these are meant
  if (border < 1 || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  return { username: text.slice(0, border), password: text.slice(border + 1), key: hash('sha256', text, 'base64url') };
}
