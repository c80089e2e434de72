/** What a packet can be copied as, with a look at each before it is taken. */
import { formatHex, formatTree, hexOf, type PacketRecord } from '@omqtt/inspect';
import { toRecord } from '../../src/api/row-of.ts';
import { button, element, visibleText } from '../dom/element.ts';
import type { OpenedDialog } from '../dom/on-demand.ts';
import type { Inspector } from '../inspector.ts';
import { clientCall, testVector } from './code.ts';
import { mosquittoCommand, omqttCommand } from './commands.ts';

const MOST_SHOWN = 4000;
/** Where a command connects when nothing listens, as with a file. */
const ANY_BROKER = 'mqtt://127.0.0.1:1883';

type Form = readonly [name: string, text: string];

function formsOf(record: PacketRecord, url: string): Form[] {
  const forms: readonly (readonly [string, string | undefined])[] = [
    ['omqtt command', omqttCommand(record, url)],
    ['mosquitto command', mosquittoCommand(record, url)],
    ['TypeScript', clientCall(record)],
    ['Fields', formatTree(record)],
    ['Hex', hexOf(record.bytes)],
    ['Hex dump', formatHex(record.bytes)],
    ['Test vector', testVector(record)],
  ];
  return forms.filter((form): form is Form => form[1] !== undefined);
}

export function copyDialog(inspector: Inspector): OpenedDialog {
  const title = element('h2', { id: 'copy-title' });
  const list = element('div', { class: 'copy-forms' });
  const preview = element('pre', { class: 'copy-preview', tabindex: 0, 'aria-label': 'What is copied' });
  const root = element(
    'dialog',
    { class: 'dialog wide-dialog', 'aria-labelledby': 'copy-title' },
    title,
    element('div', { class: 'copy-parts' }, list, preview),
  );
  const close = button({ class: 'wide' }, () => root.close(), 'Close');
  root.append(element('div', { class: 'dialog-buttons' }, close));
  const take = async ([name, text]: Form): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      inspector.announce(`copied: ${name}`);
      root.close();
    } catch {
      inspector.announce('the browser does not allow copying');
    }
  };
  const look = ([, text]: Form): void => {
    const shown = text.slice(0, MOST_SHOWN).split('\n');
    preview.replaceChildren(
      ...shown.flatMap((line) => [...visibleText(line), '\n'].filter((part) => part !== undefined)),
    );
  };
  return {
    root,
    open: () => {
      const { detail, routes } = inspector.model;
      if (!detail) return inspector.announce('no packet is selected');
      const forms = formsOf(toRecord(detail), routes[0]?.listen ?? ANY_BROKER);
      title.replaceChildren(`Copy ${detail.row.type.toUpperCase()} #${detail.row.number} as`);
      list.replaceChildren(
        ...forms.map((form) => {
          const choice = button({}, () => void take(form), form[0]);
          choice.addEventListener('focus', () => look(form));
          choice.addEventListener('mouseenter', () => look(form));
          return choice;
        }),
      );
      root.showModal();
      list.querySelector('button')?.focus();
    },
  };
}
