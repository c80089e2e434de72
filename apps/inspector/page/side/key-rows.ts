/** The keys, for the help. What they do is in `keys.ts`. */
export const keyRows: readonly (readonly [keys: string, does: string])[] = [
  ['j k ↓ ↑', 'next or previous packet'],
  ['PageDown PageUp', 'a screen further'],
  ['Home End', 'first packet; last packet, and follow'],
  ['Enter', 'from the list into the fields'],
  ['Esc', 'back to the list; close the detail'],
  ['n N', 'next or previous packet with a finding'],
  ['p', 'the packet that it is paired with'],
  ['/', 'to the filter'],
  ['f', 'filter by the field that is selected'],
  ['space', 'pause, go on'],
  ['x', 'open or close all fields'],
  ['c', 'copy the packet as text'],
  ['t', 'another way to show times'],
  ['1 2 3', 'packets, topics, statistics'],
  ['[ ]', 'previous or next part of the page'],
  ['?', 'this help'],
];
