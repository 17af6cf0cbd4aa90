import type { Client } from "./client";
import { Money } from "./money";

export interface Parcel {
  from: string;
  to: string;
  grams: number;
}

export interface Quote {
  parcel: Parcel;
  price: Money;
  days?: number;
}

/** The quotes of several parcels, asked for one after the other. */
export async function quoteAll(client: Client, parcels: Parcel[]): Promise<Quote[]> {
  const quotes: Quote[] = [];
  for (const parcel of parcels) {
    quotes.push(await client.quote(parcel));
  }
  return quotes;
}

export const isHeavy = (parcel: Parcel): boolean => parcel.grams > 20_000;
