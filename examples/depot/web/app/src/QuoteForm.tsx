import type { Parcel } from "@depot/client";
import { useState } from "react";

interface Props {
  onQuote: (parcel: Parcel) => void;
}

export function QuoteForm({ onQuote }: Props) {
  const [grams, setGrams] = useState(1000);
  const submit = () => onQuote({ from: "Ulm", to: "Graz", grams });
  return (
    <form onSubmit={submit}>
      <input type="number" value={grams} onChange={(event) => setGrams(Number(event.target.value))} />
    </form>
  );
}
