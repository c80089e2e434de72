/** Where a reader of a live stream was: `v1.l.<epoch>.<number>`. Anything else is a place that nobody knows. */
export interface LiveCursor {
  readonly epoch: string;
  readonly sequence: number;
}

export function parseCursor(text: string): LiveCursor | undefined {
  const [, epoch = '', digits = ''] = /^v1\.l\.([0-9a-f]{8})\.(\d{1,15})$/.exec(text) ?? [];
  return epoch === '' ? undefined : { epoch, sequence: Number(digits) };
}
