/**
 * The members that have to be as given, at every depth; those that are left out may be anything. `undefined`: the
 * member must be absent. Lists count whole. Text stands for its UTF-8 bytes where bytes come. A function is asked.
 */
export type Expected<Value> = ExpectedValue<Value> | ((value: Value) => boolean);

type ExpectedValue<Value> = Value extends Uint8Array
  ? Uint8Array | string
  : Value extends readonly (infer Item)[]
    ? readonly Expected<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]?: Expected<NonNullable<Value[Key]>> | undefined }
      : Value;
