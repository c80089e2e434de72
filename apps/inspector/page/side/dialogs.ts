/** The dialogs: saving, and the keys. */
import type { ExportFormat } from '../../src/api/routes.ts';
import { button, element } from '../dom/element.ts';
import type { OpenedDialog } from '../dom/on-demand.ts';
import type { Inspector } from '../inspector.ts';
import type { Settings } from '../settings.ts';
import { keyRows } from './key-rows.ts';

const formats: readonly (readonly [format: ExportFormat, summary: string])[] = [
  ['ndjson', 'NDJSON: a line a packet, lossless, with marks'],
  ['omq', '.omq: the file of the inspector, lossless, with marks'],
  ['pcapng', 'pcapng: for Wireshark, with findings and marks as comments'],
];

type Choice = readonly [value: string, label: string];

const rangeChoices: readonly Choice[] = [
  ['filtered', 'those that the filter lets through'],
  ['all', 'all that are stored'],
];
/** Sanitized is what is chosen; secrets are a choice of their own, with its name. */
const secretChoices: readonly Choice[] = [
  ['masked', 'masked (sanitized)'],
  ['shown', 'with secrets: passwords and tokens as they were sent'],
];

export function saveDialog(inspector: Inspector): OpenedDialog {
  const form = element(
    'form',
    { method: 'dialog' },
    element('h2', { id: 'save-title' }, 'Save packets'),
    choices('format', 'Format', formats),
    choices('which', 'Which', rangeChoices),
    choices('secrets', 'Secrets', secretChoices),
  );
  const problem = element('p', { class: 'problem', role: 'status' });
  const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'save-title' }, form);
  const save = async (): Promise<void> => {
    problem.replaceChildren();
    try {
      await download(inspector, new FormData(form));
      dialog.close();
    } catch (error) {
      problem.replaceChildren(error instanceof Error ? error.message : 'The file could not be made.');
    }
  };
  const buttons = element(
    'div',
    { class: 'dialog-buttons' },
    button({ class: 'wide' }, () => dialog.close(), 'Cancel'),
    button({ class: 'wide main' }, () => void save(), 'Save'),
  );
  form.append(problem, buttons);
  return { root: dialog, open: () => dialog.showModal() };
}

function choices(name: string, title: string, values: readonly Choice[]): HTMLElement {
  const labels = values.map(([value, label], index) =>
    element('label', {}, element('input', { type: 'radio', name, value, checked: index === 0 }), label),
  );
  return element('fieldset', {}, element('legend', {}, title), ...labels);
}

async function download(inspector: Inspector, chosen: FormData): Promise<void> {
  const format = formats.map(([each]) => each).find((each) => each === chosen.get('format')) ?? 'ndjson';
  const { feed, model } = inspector;
  const marks = inspector.marks.all.map(({ number, comment }) => [number, comment] as const);
  const filter = chosen.get('which') === 'all' ? '' : inspector.filterForServer(model.filterText);
  const made = await feed?.export({ format, filter, withSecrets: chosen.get('secrets') === 'shown', marks });
  if (made) element('a', { href: made.url, download: made.name }).click();
}

export function helpDialog(settings: Settings): OpenedDialog {
  const letters = element('input', { type: 'checkbox', checked: settings.hasLetterKeys });
  letters.addEventListener('change', () => settings.change({ hasLetterKeys: letters.checked }));
  const counts = element('input', { type: 'checkbox', checked: settings.saysCounts });
  counts.addEventListener('change', () => settings.change({ saysCounts: counts.checked }));
  const rows = keyRows.map(([keys, does]) =>
    element(
      'tr',
      {},
      element('td', {}, ...keys.split(' ').map((key) => element('kbd', {}, key))),
      element('td', {}, does),
    ),
  );
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'help-title' },
    element('h2', { id: 'help-title' }, 'Keys'),
    element('table', {}, element('tbody', {}, ...rows)),
    element('label', {}, letters, 'Keys of one letter'),
    element('label', {}, counts, 'Say counts, every five seconds at most, to a screen reader'),
  );
  dialog.append(
    element(
      'div',
      { class: 'dialog-buttons' },
      button({ class: 'wide main' }, () => dialog.close(), 'Close'),
    ),
  );
  return { root: dialog, open: () => dialog.showModal() };
}
