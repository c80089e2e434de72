/** A frame of a capture file, before anybody looked into it. */
export interface LinkFrame {
  readonly at: number;
  /** What the capture calls its link: 1 is Ethernet. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** More than `bytes` when only its beginning was captured. */
  readonly size: number;
  /** Of pcapng: 1 inbound, 2 outbound, 0 unknown. */
  readonly flow: number;
  /** Of pcapng: what a reader wrote who marked it, which may be empty. */
  readonly mark?: string | undefined;
}

export interface LinkFrames {
  readonly frames: readonly LinkFrame[];
  readonly problems: readonly string[];
}
