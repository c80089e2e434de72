/** Lines to copy. Each of them is run by a test, with `example` in place of the broker. */
export interface Recipe {
  readonly topic: string;
  readonly what: string;
  readonly line: string;
}

export const recipes: readonly Recipe[] = [
  { topic: 'pub', what: 'publish a text', line: 'omqtt pub -t a -m b' },
  { topic: 'pub', what: 'the same, and wait for the broker', line: 'omqtt pub a b -q 1' },
  {
    topic: 'pub',
    what: 'a file, to be kept for later subscribers',
    line: 'omqtt pub docs/readme -f README.md -r -q 1',
  },
  { topic: 'pub', what: 'take a retained message away', line: 'omqtt pub docs/readme -r -n' },
  { topic: 'pub', what: 'each line that a command prints', line: 'printf "1\\n2\\n" | omqtt pub lines -l' },
  {
    topic: 'pub',
    what: 'five messages, ten a second',
    line: "omqtt pub 't/{{i}}' '{{uuid}}' --template --count 5 --rate 10",
  },
  {
    topic: 'pub',
    what: 'with properties',
    line: "omqtt pub a '{}' --content-type application/json --user k=v --expiry 1h",
  },
  { topic: 'sub', what: 'everything, with topics', line: "omqtt sub -t '#' -v -W 5s -C 1" },
  { topic: 'sub', what: 'wait for one message, at most 2 s', line: 'omqtt sub keep/1 -C 1 -W 2s' },
  { topic: 'sub', what: 'as JSON records, until silence', line: "omqtt sub 'keep/#' --json --idle 200ms" },
  { topic: 'sub', what: 'a part of JSON payloads', line: "omqtt sub keep/1 -C 1 -F '{topic} {payload.json.temp}'" },
  { topic: 'sub', what: 'wait for a state', line: "omqtt sub keep/1 --until 'payload.json.temp>20' -W 2s" },
  { topic: 'copy', what: 'copy messages', line: "omqtt sub 'keep/#' --json -C 1 | omqtt pub --ndjson" },
  { topic: 'connect', what: 'what the broker allows', line: 'omqtt conn --once' },
  { topic: 'connect', what: 'round trips', line: 'omqtt ping -C 2 --interval 10ms' },
  { topic: 'explain', what: 'a reason code', line: 'omqtt explain 0x87' },
  { topic: 'explain', what: 'bytes', line: 'omqtt decode 3003000161' },
];
