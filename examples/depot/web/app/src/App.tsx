import { Client, HttpTransport } from "@depot/client";

import { Basket } from "@/basket";
import { QuoteForm } from "@/QuoteForm";

const basket = new Basket(new Client(new HttpTransport("/api")));

export default function App() {
  return (
    <main>
      <h1>{basket.total.toString()}</h1>
      <QuoteForm onQuote={(parcel) => basket.add(parcel)} />
    </main>
  );
}
