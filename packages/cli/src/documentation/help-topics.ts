/** Pages of `omqtt help` that belong to no single command. */
import { fieldNames } from '../output/message-fields.ts';
import { percentCodes } from '../output/format-string.ts';

export const helpTopics: Readonly<Record<string, string>> = {
  formats: [
    'Format strings of -F:',
    '',
    ...Object.entries(percentCodes).map(([code, field]) => `  %${code}  {${field}}`),
    '',
    '  %10t and {topic:10} fill up on the left, %-10t on the right; %.5p cuts off.',
    '  {payload.json.a.0.b} is a part of a JSON payload, {user.NAME} a user property.',
    '  @Y @m @d @H @M @S @F @T @s @N are parts of the time of arrival, as in strftime.',
    '  \\n \\t \\r \\0 \\e \\\\ are characters; %% is a percent sign, @@ an at sign, {{ a brace.',
  ].join('\n'),
  expressions: [
    'Expressions of --until, --expect and --only:',
    '',
    '  topic:sensors/+/temp        the topic matches a filter (topic=a/b: it is that)',
    '  payload="on"                the whole payload',
    '  payload.json.temp>20        a part of a JSON payload; also < <= >= = !=',
    '  payload~"^err"              a regular expression',
    '  size>100 qos=1 user.k=v     fields',
    '  is:retain is:dup is:empty   flags',
    '  "text"                      topic or payload contain it',
    '  A and B, A or B, not A, (A) combined; blanks mean and',
    '',
    `Fields: ${fieldNames.join(', ')}.`,
  ].join('\n'),
};
