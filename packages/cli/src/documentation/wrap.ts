/** Text beside a head, broken at blanks so that it fits. */
export function wrap(head: string, text: string, columns: number): string {
  const indent = (head.split('\n').at(-1) ?? '').length;
  // On a narrow terminal the text goes below its head.
  const margin = columns - indent < 30 ? 4 : indent;
  const start = margin === indent ? head : `${head.trimEnd()}\n${' '.repeat(margin)}`;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && margin + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return `${start}${[...lines, line].join(`\n${' '.repeat(margin)}`)}`;
}
