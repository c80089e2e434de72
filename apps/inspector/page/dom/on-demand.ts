/** What is loaded when it is wanted for the first time, so that nobody waits for it who never wants it. */

export const NOT_LOADED = 'This part of the page could not be loaded. Is the inspector still running?';

export interface OpenedDialog {
  readonly root: HTMLDialogElement;
  open(): void;
}

export type OpenDialog = () => void;

/** `failed` gets a sentence: the server may have gone in the meantime. */
export function dialogOnDemand(load: () => Promise<OpenedDialog>, failed: (reason: string) => void): OpenDialog {
  let dialog: OpenedDialog | undefined;
  const open = async (): Promise<void> => {
    try {
      dialog ??= await load();
    } catch {
      return failed(NOT_LOADED);
    }
    if (!dialog.root.isConnected) document.body.append(dialog.root);
    if (!dialog.root.open) dialog.open();
  };
  return () => void open();
}
