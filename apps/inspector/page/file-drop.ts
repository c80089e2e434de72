/** Files come in by dropping them anywhere, or by choosing one. */
import { element } from './dom/element.ts';

export function fileDrop(open: (file: File) => void): { readonly overlay: HTMLElement; readonly choose: () => void } {
  const overlay = element('div', { class: 'drop-overlay', hidden: true }, 'Drop the capture to read it here');
  const input = element('input', {
    type: 'file',
    accept: '.pcap,.pcapng,.cap,.ndjson,.jsonl,.omq',
    hidden: true,
    'aria-label': 'Capture file',
  });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) open(file);
    input.value = '';
  });
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    overlay.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) overlay.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    overlay.hidden = true;
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    open(file);
  });
  return { overlay: element('div', {}, overlay, input), choose: () => input.click() };
}
