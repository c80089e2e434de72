/** What a page or a worker of it knows about the network. */

/** As much of the platform as is used here; servers have some of it, and none of these events. */
interface Page extends PageEvents {
  readonly navigator?: { readonly onLine?: boolean };
  readonly document?: PageEvents & { readonly visibilityState: string };
}

interface PageEvents {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Calls back when the network is there again, and when the page is looked at again; returns what ends that. */
export function watchPageNetwork(onChange: () => void, page = globalThis as unknown as Page): () => void {
  const { document } = page;
  // Not a page, nor a worker of one.
  if (typeof page.navigator?.onLine !== 'boolean') return doNothing;
  const onVisibility = (): void => {
    if (document?.visibilityState === 'visible') onChange();
  };
  page.addEventListener('online', onChange);
  document?.addEventListener('visibilitychange', onVisibility);
  return () => {
    page.removeEventListener('online', onChange);
    document?.removeEventListener('visibilitychange', onVisibility);
  };
}

function doNothing(): void {
  // Nothing is listened to.
}
