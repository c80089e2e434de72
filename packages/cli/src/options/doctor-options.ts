/** What `omqtt doctor` takes beside what every connection takes. */
import { type AnyOption, choice, duration, integer, type Option } from './option.ts';

export type DoctorLevel = 'quick' | 'full' | 'hostile';
export type DoctorForm = 'text' | 'json' | 'junit' | 'nagios' | 'prometheus' | 'md';

export const level: Option<DoctorLevel> = choice(
  'level',
  { quick: [], full: [], hostile: [] },
  {
    group: 'limits',
    help: 'quick: the way to the broker and what it says; full: also what it does with messages; hostile: also what it does with packets that are wrong. Default: quick.',
  },
);
export const doctorForm: Option<DoctorForm> = choice(
  'format',
  { text: [], json: [], junit: [], nagios: [], prometheus: [], md: ['markdown'] },
  {
    letter: 'F',
    group: 'output',
    help: 'Form of the report. With nagios the exit code is that of Nagios: 0, 1 or 2. Default: text.',
  },
);
export const patience: Option<number> = duration('wait', {
  letter: 'W',
  aliases: ['timeout'],
  group: 'limits',
  least: 1,
  help: 'How long a check waits for the broker. Default: 3s.',
});
export const expiryWarning: Option<number> = integer('expiry-days', {
  group: 'limits',
  help: 'Warn when the certificate ends in fewer days. Default: 14.',
});

export const doctorOptions: readonly AnyOption[] = [level, doctorForm, patience, expiryWarning];
