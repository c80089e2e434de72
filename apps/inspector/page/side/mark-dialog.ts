/** Asks for the comment of a mark. */
import { button, element } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { markPacket } from '../marking.ts';

export function markDialog(inspector: Inspector): { readonly root: HTMLDialogElement; open(): void } {
  const title = element('h2', { id: 'mark-title' });
  const input = element('input', { type: 'text', 'aria-labelledby': 'mark-title', maxlength: 500 });
  const form = element('form', { method: 'dialog' }, title, input);
  const root = element('dialog', { class: 'dialog', 'aria-labelledby': 'mark-title' }, form);
  const save = (): void => {
    const row = inspector.model.detail?.row;
    if (row) markPacket(inspector, row, input.value.trim());
    root.close();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save();
  });
  form.append(
    element(
      'div',
      { class: 'dialog-buttons' },
      button({ class: 'wide' }, () => root.close(), 'Cancel'),
      button({ class: 'wide main' }, save, 'Mark'),
    ),
  );
  return {
    root,
    open: () => {
      const { selected, model, marks } = inspector;
      const row = model.detail?.row;
      if (!row || row.number !== selected) return inspector.announce('no packet is selected');
      title.replaceChildren(`Comment on ${row.type.toUpperCase()} #${row.number}`);
      input.value = marks.of(row)?.comment ?? '';
      root.showModal();
      input.select();
    },
  };
}
