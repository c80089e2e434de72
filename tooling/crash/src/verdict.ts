/** What was accepted beside what arrived. */

export interface Verdict {
  readonly kills: { readonly publisher: number; readonly subscriber: number };
  readonly restarts: number;
  readonly qos1: QosVerdict;
  readonly qos2: QosVerdict;
}

export interface QosVerdict {
  readonly accepted: number;
  /** Different messages; one that was on disk when its publisher died, before it could say so, is among them. */
  readonly arrived: number;
  /** Accepted, and never arrived. */
  readonly lost: readonly string[];
  /** Arrived more than once, which QoS 1 allows. */
  readonly repeated: readonly string[];
  /** Arrived more than once because the broker was seen to send them again after PUBREL; not among `repeated`. */
  readonly resentByBroker: readonly string[];
}

export function judge(
  accepted: readonly string[],
  arrivals: ReadonlyMap<string, number>,
  resent: ReadonlySet<string> = new Set(),
): QosVerdict {
  const repeated = [...arrivals].filter(([, count]) => count > 1).map(([id]) => id);
  return {
    accepted: accepted.length,
    arrived: arrivals.size,
    lost: accepted.filter((id) => !arrivals.has(id)),
    repeated: repeated.filter((id) => !resent.has(id)),
    resentByBroker: repeated.filter((id) => resent.has(id)),
  };
}

export function isClean({ qos1, qos2 }: Verdict): boolean {
  const hasTraffic = qos1.accepted > 0 && qos2.accepted > 0;
  return hasTraffic && qos1.lost.length + qos2.lost.length + qos2.repeated.length === 0;
}

export function describeVerdict(verdict: Verdict): string {
  const { kills, restarts, qos1, qos2 } = verdict;
  return [
    `killed: publisher ${kills.publisher} times, subscriber ${kills.subscriber} times, broker ${restarts} times`,
    `QoS 1: ${qos1.accepted} accepted, ${qos1.arrived} arrived, ${qos1.repeated.length} of them more than once`,
    `       lost: ${list(qos1.lost)}`,
    `QoS 2: ${qos2.accepted} accepted, ${qos2.arrived} arrived`,
    `       lost: ${list(qos2.lost)}`,
    `       twice: ${list(qos2.repeated)}`,
    `       twice, because the broker sent PUBLISH again after PUBREL, expected 0: ${qos2.resentByBroker.length}`,
    isClean(verdict) ? 'Nothing was lost, and nothing of QoS 2 came twice.' : 'The promise was broken.',
  ].join('\n');
}

function list(ids: readonly string[]): string {
  const shown = ids.slice(0, 20).join(' ');
  return ids.length > 20 ? `${ids.length} messages: ${shown} …` : `[${shown}]`;
}
