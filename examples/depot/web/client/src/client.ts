import { Money } from "./money";
import { isHeavy, quoteAll, type Parcel, type Quote } from "./parcels";

/** How questions reach the service. */
export interface Transport {
  send(path: string, body: unknown): Promise<{ cents: number }>;
  close?(): void;
}

export class HttpTransport implements Transport {
  constructor(private readonly base: string) {}

  async send(path: string, body: unknown): Promise<{ cents: number }> {
    const response = await fetch(this.base + path, { method: "POST", body: JSON.stringify(body) });
    return response.json();
  }
}

export class Client {
  #asked = 0;

  constructor(private readonly transport: Transport) {}

  get asked(): number {
    return this.#asked;
  }

  async quote(parcel: Parcel): Promise<Quote> {
    this.#asked += 1;
    const { cents } = await this.transport.send(isHeavy(parcel) ? "/freight" : "/parcels", parcel);
    return { parcel, price: new Money(cents) };
  }

  quotes(parcels: Parcel[]): Promise<Quote[]> {
    return quoteAll(this, parcels);
  }
}
