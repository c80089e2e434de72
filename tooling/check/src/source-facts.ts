/** What one source file imports, re-exports and names: the facts that the boundaries are held against. */
import { parseSync } from 'oxc-parser';
import { isSyntaxNode, walk, type SyntaxNode } from './syntax-tree.ts';

export interface ImportFact {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
  readonly line: number;
}

export interface NameFact {
  readonly name: string;
  readonly line: number;
}

export interface SourceFacts {
  readonly imports: readonly ImportFact[];
  /** Lines with `export * from`. */
  readonly blanketExports: readonly number[];
  readonly nodeGlobals: readonly NameFact[];
}

/** Reads the facts from the syntax tree, so comments and strings that look like code do not count. */
export function readSourceFacts(fileName: string, text: string): SourceFacts {
  const { program, module, errors } = parseSync(fileName, text);
  if (errors[0]) throw new SyntaxError(`${fileName} does not parse: ${errors[0].message}`);

  const imports: ImportFact[] = [];
  const blanketExports: number[] = [];
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;

  for (const { moduleRequest, entries, start } of module.staticImports) {
    const isTypeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    imports.push({ specifier: moduleRequest.value, isTypeOnly, line: lineAt(start) });
  }
  for (const { entries, start } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) imports.push({ specifier: moduleRequest.value, isTypeOnly: isType, line: lineAt(start) });
    }
  }
  const nodeGlobals: NameFact[] = [];
  walk(program, (node) => {
    const specifier = lateImport(node);
    if (specifier) imports.push({ ...specifier, line: lineAt(node.start) });
    if (node.type === 'ExportAllDeclaration') blanketExports.push(lineAt(node.start));
    const name = nodeGlobalNamed(node);
    if (name) nodeGlobals.push({ name, line: lineAt(node.start) });
  });
  return { imports, blanketExports, nodeGlobals };
}

/** `import('x')` as an expression or as a type. Only a literal can be held against a table, so nothing else is allowed. */
function lateImport(node: SyntaxNode): Omit<ImportFact, 'line'> | undefined {
  if (node.type !== 'ImportExpression' && node.type !== 'TSImportType') return undefined;
  const isTypeOnly = node.type === 'TSImportType';
  const source = node['source'];
  const literal = isSyntaxNode(source) && source.type === 'Literal' ? source['value'] : undefined;
  return { specifier: typeof literal === 'string' ? literal : '(computed at run time)', isTypeOnly };
}

const nodeGlobalNames = new Set([
  'Buffer',
  'process',
  'require',
  'global',
  'setImmediate',
  'clearImmediate',
  '__dirname',
  '__filename',
]);

/** `Buffer`, `globalThis.Buffer` and `globalThis['Buffer']`. A local of such a name counts too: it misleads a reader. */
function nodeGlobalNamed(node: SyntaxNode): string | undefined {
  const name = node.type === 'Identifier' ? node['name'] : propertyOfGlobalThis(node);
  return typeof name === 'string' && nodeGlobalNames.has(name) ? name : undefined;
}

function propertyOfGlobalThis(node: SyntaxNode): unknown {
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property } = node;
  if (!isSyntaxNode(object) || object['name'] !== 'globalThis' || !isSyntaxNode(property)) return undefined;
  return node['computed'] === true ? property['value'] : property['name'];
}
