/** Base64 with the functions that every runtime has, and strict. */

/** Undefined unless the text is what `toBase64` makes of some bytes: padded, without spaces or stray bits. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    // `atob` forgives a lot; SCRAM does not.
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
