/** What can be wrong before the inspector runs. */

export type InspectorErrorCode = 'invalid-option' | 'listen-failed' | 'inspection-failed';

/** What went wrong with an inspector; its `code` says what. */
export class InspectorError extends Error {
  override readonly name: string = 'InspectorError';
  readonly code: InspectorErrorCode;

  constructor(code: InspectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An option is unknown, or has a value that it cannot have. */
export class InspectorOptionError extends InspectorError {
  override readonly name = 'InspectorOptionError';
  readonly option: string;

  constructor(option: string, what: string) {
    super('invalid-option', `${option}: ${what}`);
    this.option = option;
  }
}
