/** A picture of numbers: groups of bars, the shorter the better, or the longer. */

export interface BarChart {
  readonly title: string;
  /** What is drawn, and which way is better. */
  readonly note: string;
  readonly unit: string;
  readonly groups: readonly BarGroup[];
}

export interface BarGroup {
  readonly name: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  /** Whose; the same name has the same colour everywhere. */
  readonly who: string;
  readonly value: number;
}

const WIDTH = 760;
const LEAST_NAMES_WIDTH = 250;
/** Of a letter at 13 px, in the widest of the usual faces. */
const LETTER_WIDTH = 7.3;
const VALUES_WIDTH = 90;
const BAR_HEIGHT = 16;
const GROUP_GAP = 14;
const TOP = 84;

/** Light or dark as the reader has it; nothing in it runs or is loaded. */
export function drawBars({ title, note, unit, groups }: BarChart): string {
  const whos = [...new Set(groups.flatMap(({ bars }) => bars.map(({ who }) => who)))];
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const longestName = Math.max(...groups.map(({ name }) => name.length));
  const left = Math.max(LEAST_NAMES_WIDTH, Math.ceil(longestName * LETTER_WIDTH) + 20);
  const rows: string[] = [];
  let y = TOP;
  for (const { name, bars } of groups) {
    const middle = y + (bars.length * BAR_HEIGHT) / 2 + 4;
    rows.push(`<text x="${left - 10}" y="${middle}" text-anchor="end">${escapeText(name)}</text>`);
    for (const { who, value } of bars) {
      const width = Math.max(1, ((WIDTH - left - VALUES_WIDTH) * value) / longest);
      const colour = colourClass(whos.indexOf(who));
      rows.push(
        `<rect class="${colour}" x="${left}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 3}" rx="2"/>`,
        `<text class="value" x="${(left + width + 6).toFixed(1)}" y="${y + 11}">${shown(value)} ${escapeText(unit)}</text>`,
      );
      y += BAR_HEIGHT;
    }
    y += GROUP_GAP;
  }
  return frame({ title, note, height: y + 6, content: [legend(whos), ...rows] });
}

export interface Frame {
  readonly title: string;
  readonly note: string;
  readonly height: number;
  readonly content: readonly string[];
}

/** The paper that every picture is drawn on. */
export function frame({ title, note, height, content }: Frame): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeText(title)}">
<style>
svg{font:13px system-ui,sans-serif;background:#fff;fill:#1c2430}
.title{font-size:16px;font-weight:600}.note,.value{font-size:12px;fill:#56616f}
.c0{fill:#0f766e}.c1{fill:#b45309}.c2{fill:#94a3b8}.c3{fill:#6d28d9}.line{fill:none;stroke:#0f766e;stroke-width:2}.axis{stroke:#94a3b8}
@media (prefers-color-scheme:dark){svg{background:#11161d;fill:#e6ebf2}.note,.value{fill:#9aa7b6}
.c0{fill:#2dd4bf}.c1{fill:#fbbf24}.c2{fill:#64748b}.c3{fill:#a78bfa}.line{stroke:#2dd4bf}}
</style>
<text class="title" x="16" y="26">${escapeText(title)}</text>
<text class="note" x="16" y="46">${escapeText(note)}</text>
${content.join('\n')}
</svg>
`;
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export { WIDTH as CHART_WIDTH };

function legend(whos: readonly string[]): string {
  let x = 16;
  return whos
    .map((who, index) => {
      const entry = `<rect class="${colourClass(index)}" x="${x}" y="58" width="11" height="11" rx="2"/><text class="note" x="${x + 16}" y="68">${escapeText(who)}</text>`;
      x += 34 + who.length * 6.6;
      return entry;
    })
    .join('\n');
}

function colourClass(index: number): string {
  return `c${index % 4}`;
}

function shown(value: number): string {
  return value < 100 ? Number(value.toPrecision(3)).toString() : Math.round(value).toLocaleString('en');
}
