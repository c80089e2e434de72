/** How a payload differs from the one before it on its topic. */
import { fieldsOf } from '@omqtt/inspect';
import { toRecord } from '../../src/api/row-of.ts';
import type { RecordDetail, Row } from '../../src/api/row.ts';
import { button, element, visibleText } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { lineChanges, type LineChange } from '../payload/line-changes.ts';
import { payloadFactsOf, textFormsOf, type TextForm } from '../payload/payload-forms.ts';
import { formatDelta } from '../time-format.ts';

const signs: Readonly<Record<LineChange['kind'], string>> = { same: '  ', gone: '− ', new: '+ ' };

export function changesView(row: Row, forms: readonly TextForm[], inspector: Inspector): HTMLElement {
  const root = element('div', {}, element('p', { class: 'quiet' }, 'Looking for the message before…'));
  void fill(root, { row, forms, inspector });
  return root;
}

interface Change {
  readonly row: Row;
  readonly forms: readonly TextForm[];
  readonly inspector: Inspector;
}

async function fill(root: HTMLElement, { row, forms, inspector }: Change): Promise<void> {
  const before = await inspector.previous.of(row);
  if (!before) {
    root.replaceChildren(element('p', { class: 'quiet' }, 'The list has no earlier message of this topic here.'));
    return;
  }
  const [after, old] = inTheSameForm(forms, before);
  const { changes, isCut } = lineChanges(old, after);
  const head = element(
    'p',
    {},
    'Since ',
    button({ class: 'small' }, () => void inspector.goTo(before.row.number), `#${before.row.number}`),
    ` ${formatDelta(row.at - before.row.at)}: `,
    changes.every(({ kind }) => kind === 'same') ? 'nothing changed' : countOf(changes),
    isCut ? ', in the beginning, which is all that was compared' : '',
  );
  root.replaceChildren(
    head,
    element('pre', { class: 'payload changes', tabindex: 0, dir: 'ltr' }, ...changes.map(lineOf)),
  );
}

/** The likeliest form that both have: bytes, if no other. */
function inTheSameForm(forms: readonly TextForm[], before: RecordDetail): readonly [after: string, before: string] {
  const facts = payloadFactsOf(fieldsOf(toRecord(before)), before.row.topic);
  const olds = facts ? textFormsOf(facts) : [];
  for (const { name, text } of forms) {
    const old = olds.find((form) => form.name === name);
    if (old) return [text, old.text];
  }
  return [forms[0]?.text ?? '', ''];
}

function countOf(changes: readonly LineChange[]): string {
  const count = (wanted: LineChange['kind']): number => changes.filter(({ kind }) => kind === wanted).length;
  const gone = count('gone');
  return `${gone} ${gone === 1 ? 'line' : 'lines'} gone, ${count('new')} new`;
}

function lineOf({ kind, line }: LineChange): HTMLElement {
  const name = kind === 'gone' ? 'del' : kind === 'new' ? 'ins' : 'span';
  return element(name, {}, signs[kind], ...visibleText(line), '\n');
}
