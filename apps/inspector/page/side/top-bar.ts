/** What the whole page does: pause, follow, clear, save, reveal, time, theme, help. */
import { button, element, setAttribute } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { themes, type Settings } from '../settings.ts';
import { timeModeNames, timeModes } from '../time-format.ts';

export interface TopBarActions {
  readonly save: () => void;
  readonly openFile: () => void;
  readonly help: () => void;
  readonly backToLive: () => void;
}

export function topBar(inspector: Inspector, settings: Settings, actions: TopBarActions): HTMLElement {
  const { hub, model } = inspector;
  const status = element('span', { class: 'status', role: 'status' });
  const pause = button({ title: 'Pause or go on (space)' }, () => inspector.pause(!model.state.isPaused));
  const follow = button(
    { title: 'Stay at the end of the list (End)' },
    () => inspector.follow(!inspector.isFollowing),
    '⤓ Follow',
  );
  const clear = button({ title: 'Forget all packets' }, () => inspector.clear(), 'Clear');
  const live = button({}, actions.backToLive, '← Live');
  const reveal = button({ class: 'reveal', title: 'Show or mask secrets' }, () =>
    inspector.reveal(!model.state.isRevealed),
  );
  const time = button({ title: 'How times are shown (t)' }, () => nextTimeMode(inspector, settings));
  const theme = button({ title: 'Light, dark, or as the system' }, () => nextTheme(inspector, settings));
  const render = (): void => {
    const { state, file } = model;
    status.replaceChildren(...statusOf(inspector));
    pause.replaceChildren(state.isPaused ? '▶ Go on' : '❚❚ Pause');
    setAttribute(pause, 'aria-pressed', String(state.isPaused));
    setAttribute(follow, 'aria-pressed', String(inspector.isFollowing));
    reveal.replaceChildren(state.isRevealed ? '◉ Secrets shown: mask' : '◌ Reveal secrets');
    setAttribute(reveal, 'aria-pressed', String(state.isRevealed));
    document.documentElement.dataset['revealed'] = String(state.isRevealed);
    time.replaceChildren(`Time: ${timeModeNames[settings.timeMode]}`);
    theme.replaceChildren(`Theme: ${settings.theme}`);
    const isFile = inspector.feed?.kind === 'file';
    live.hidden = !isFile;
    pause.hidden = isFile;
    clear.hidden = isFile || file !== undefined;
  };
  hub.on(['state', 'settings', 'feed'], render);
  return element(
    'header',
    { class: 'top-bar' },
    element('h1', {}, 'MQTT inspector'),
    status,
    live,
    pause,
    follow,
    clear,
    element('span', { class: 'spring' }),
    button({}, actions.openFile, 'Open file'),
    button({}, actions.save, 'Save'),
    reveal,
    time,
    theme,
    button({ title: 'Keys (?)' }, actions.help, '? Help'),
  );
}

export function nextTimeMode(inspector: Inspector, settings: Settings): void {
  const next = timeModes[(timeModes.indexOf(settings.timeMode) + 1) % timeModes.length];
  settings.change(next ? { timeMode: next } : {});
  inspector.hub.changed('settings');
}

function nextTheme(inspector: Inspector, settings: Settings): void {
  const next = themes[(themes.indexOf(settings.theme) + 1) % themes.length];
  settings.change(next ? { theme: next } : {});
  inspector.hub.changed('settings');
}

function statusOf({ model, feed }: Inspector): HTMLElement[] {
  const { isReady, state, file } = model;
  const [sign, word, kind] = !isReady
    ? ['○', feed ? 'Not connected' : 'No source', 'off']
    : feed?.kind === 'file' || file !== undefined
      ? ['▤', `File: ${file ?? ''}`, 'file']
      : state.isPaused
        ? ['❚❚', 'Paused', 'paused']
        : ['●', 'Live', 'live'];
  return [
    element('span', { class: 'status-sign', 'data-kind': kind, 'aria-hidden': 'true' }, sign ?? ''),
    element('bdi', {}, word ?? ''),
  ];
}
