/** What can be wrong before the inspector runs. */

export type InspectorErrorCode = 'invalid-option' | 'listen-failed' | 'inspection-failed';

export class InspectorError extends Error {
  override readonly name: string = 'InspectorError';
  readonly code: InspectorErrorCode;

  constructor(code: InspectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export class InspectorOptionError extends InspectorError {
  override readonly name = 'InspectorOptionError';
  readonly option: string;

  constructor(option: string, what: string) {
    super('invalid-option', `${option}: ${what}`);
    this.option = option;
  }
}
