/** Statements that a certain text field is UTF-8, or has no U+0000: findings about the field cite them. */
export const fieldStatements: readonly string[] = [
  'MQTT-1.5.7-1',
  'MQTT-3.1.3-4',
  'MQTT-3.1.3-11',
  'MQTT-3.1.3-12',
  'MQTT-3.3.2-1',
  'MQTT-3.3.2-13',
  'MQTT-3.3.2-19',
  'MQTT-3.8.3-1',
  'MQTT-3.10.3-1',
  'MQTT-4.7.3-2',
];
