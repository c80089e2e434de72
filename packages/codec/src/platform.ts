/** The one thing that the codec takes from its runtime; every runtime has it, and types are not worth a DOM. */
declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

// Without `fatal` ill-formed bytes turn into U+FFFD, and without `ignoreBOM` a leading U+FEFF is lost [MQTT-1.5.4-3].
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws a TypeError when the bytes are not well-formed UTF-8, surrogates and overlong forms included. */
export function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
