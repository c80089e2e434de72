/** Pages of `omqtt help` that belong to no single command. */
import { percentCodes } from '../output/format-string.ts';

export const helpTopics: Readonly<Record<string, string>> = {
  formats: [
    'Format strings of -F:',
    '',
    ...Object.entries(percentCodes).map(([code, field]) => `  %${code}  {${field}}`),
    '',
    '  %10t and {topic:10} fill up on the left, %-10t on the right; %.5p cuts off.',
    '  {payload.json.a.0.b} is a part of a JSON payload, {user.NAME} a user property; {decoded.a.0.b} is a part of a payload',
    '  in the format of --decode, or of its content type.',
    '  @Y @m @d @H @M @S @F @T @s @N are parts of the time of arrival, as in strftime.',
    '  \\n \\t \\r \\0 \\e \\\\ are characters; %% is a percent sign, @@ an at sign, {{ a brace.',
  ].join('\n'),
  expressions: [
    'Expressions of --until, --expect, --only and of decode --filter: the filter language of the inspector.',
    '',
    '  topic:sensors/+/temp        the topic matches a filter (topic=a/b: it is that)',
    '  payload=on payload:err      the whole payload; a part of it',
    '  payload.json.temp>20        a part of a JSON payload; also < <= >= = !=',
    '  payload~/^err/i             a regular expression',
    '  qos>=1 size>1k pid in (1,2) numbers and sizes',
    '  prop.contentType=text/plain user.room=attic has:user.room   properties',
    '  is:retain is:dup            flags',
    '  bytes:"30 ?? 61"            bytes of the packet, in hex',
    '  "text" /regex/i             topic, payload or properties contain it',
    '  A and B, A or B, not A, -A, (A) combined; blanks mean and',
    '',
    'Of packets only (decode --filter):',
    '',
    '  type:puback dir:c2s client:dev-* rtt>200ms rc>=0x80 has:lint severity:error is:malformed pair:open time>12:30',
  ].join('\n'),
};
