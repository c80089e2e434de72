/** Adds `properties` to a packet only where there are any, which is the form that a decoder returns. */
export function withProperties<Packet extends object, Properties extends object>(
  packet: Packet,
  properties: Properties | undefined,
): Packet & { readonly properties?: Properties } {
  return properties === undefined ? packet : { ...packet, properties };
}
