import { Money, sum, type Client, type Parcel, type Quote } from "@depot/client";

import { announce } from "@/announcements";

type Listener = (basket: Basket) => void;

export class Basket {
  private readonly quotes: Quote[] = [];
  private readonly listeners = new Set<Listener>([announce]);

  constructor(private readonly client: Client) {}

  get total(): Money {
    return sum(this.quotes.map((quote) => quote.price));
  }

  async add(parcel: Parcel): Promise<void> {
    this.quotes.push(await this.client.quote(parcel));
    this.listeners.forEach((listener) => listener(this));
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
