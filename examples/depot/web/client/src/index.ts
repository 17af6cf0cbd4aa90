export { Client, HttpTransport, type Transport } from "./client";
export * from "./money";
export type { Parcel, Quote } from "./parcels";
