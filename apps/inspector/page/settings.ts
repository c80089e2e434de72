/** What a reader prefers. Kept in the browser when it lets us. */
import { savedFiltersIn, type SavedFilter } from './filter/saved-filters.ts';
import { timeModes, type TimeMode } from './time-format.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'omqtt-inspector';

interface Preferences {
  readonly theme: Theme;
  readonly timeMode: TimeMode;
  /** Keys of one letter do something, outside of text fields (WCAG 2.1.4). */
  readonly hasLetterKeys: boolean;
  /** Counts are spoken, now and then, to readers that hear the page. */
  readonly saysCounts: boolean;
  readonly savedFilters: readonly SavedFilter[];
}

export class Settings {
  #preferences: Preferences = readPreferences();

  get theme(): Theme {
    return this.#preferences.theme;
  }

  get timeMode(): TimeMode {
    return this.#preferences.timeMode;
  }

  get hasLetterKeys(): boolean {
    return this.#preferences.hasLetterKeys;
  }

  get saysCounts(): boolean {
    return this.#preferences.saysCounts;
  }

  get savedFilters(): readonly SavedFilter[] {
    return this.#preferences.savedFilters;
  }

  change(preferences: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...preferences };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#preferences));
    } catch {
      // A browser that keeps nothing still shows everything.
    }
    this.apply();
  }

  apply(): void {
    const { theme } = this.#preferences;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

function readPreferences(): Preferences {
  const read = (): Partial<Preferences> => {
    try {
      return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Partial<Preferences>;
    } catch {
      return {};
    }
  };
  const { theme, timeMode, hasLetterKeys, saysCounts, savedFilters } = read();
  return {
    theme: themes.find((each) => each === theme) ?? 'system',
    timeMode: timeModes.find((each) => each === timeMode) ?? 'local',
    hasLetterKeys: hasLetterKeys !== false,
    saysCounts: saysCounts === true,
    savedFilters: savedFiltersIn(savedFilters),
  };
}
