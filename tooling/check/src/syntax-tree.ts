/** A way through a syntax tree that needs to know nothing about its hundred kinds of node. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Visits every node but plain names after a dot or before a colon, which refer to nothing. */
export function walk(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const child of value) walk(child, visit);
    return;
  }
  if (!isSyntaxNode(value)) return;
  visit(value);
  for (const [field, child] of Object.entries(value)) {
    const isPlainName = (field === 'key' || field === 'property') && value['computed'] === false;
    if (!isPlainName) walk(child, visit);
  }
}
