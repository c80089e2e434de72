/** On small screens the rail lies over the list, when it is asked for. */
import { button } from '../dom/element.ts';

export function railToggle(rail: HTMLElement): HTMLElement {
  rail.id = 'rail';
  const toggle = button(
    { class: 'rail-toggle', 'aria-controls': 'rail', 'aria-expanded': 'false' },
    () => {
      const isOpen = rail.dataset['open'] !== 'true';
      rail.dataset['open'] = String(isOpen);
      toggle.setAttribute('aria-expanded', String(isOpen));
      if (isOpen) rail.querySelector('button')?.focus();
    },
    '☰ Connections',
  );
  return toggle;
}
